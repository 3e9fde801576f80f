import type { Context } from './Context.js'
import { GuardItemError } from './errors.js'
import type { Answer, Key, Settings, Values } from './Store.js'

/**
 * Reads an item that somebody may have damaged. Damage means tampering, and
 * must not hide the rest of the item.
 */
export async function readItem(
  store: Context['store'],
  key: Key,
  settings: Settings,
): Promise<Answer<Values | undefined> | 'damaged'> {
  try {
    return await store.get(key, settings)
  } catch (error) {
    if (error instanceof GuardItemError) return 'damaged'
    throw error
  }
}
