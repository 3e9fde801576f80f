import type { Context } from './Context.js'
import { equal, type Key, type Settings } from './Store.js'

const key: Key = { pk: 'recovery', sk: 'recovery' }

/**
 * Whether it is this process's turn to tidy up: many share a table, and each
 * would read all of it.
 *
 * @param everyMs - So long after another one's turn it is nobody's.
 */
export async function takeTurn(
  { store }: Context,
  everyMs: number,
  settings: Settings,
): Promise<boolean> {
  const { value, at } = await store.get(key, settings)
  const last = value?.at
  if (typeof last === 'bigint' && at < Number(last) + everyMs) return false
  const now = BigInt(Math.floor(at))
  // Of those who come at once, one.
  const { value: isFirst } =
    typeof last === 'bigint'
      ? await store.update(
          key,
          { set: [[['at'], now]], when: [equal(['at'], last)] },
          settings,
        )
      : await store.create(key, { at: now }, settings)
  return isFirst
}
