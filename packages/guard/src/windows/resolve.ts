import type { Context } from './Context.js'
import type { Entry } from './Entry.js'
import { isDecided, kill, readRow } from './rows.js'
import type { Settings } from './Store.js'
import { settle } from './settle.js'

/**
 * Removes another attempt's entry if the entry is decided or abandoned.
 *
 * @param of.at - The time, by the table's clock.
 * @returns whether the entry no longer blocks others
 */
export async function resolve(
  context: Context,
  of: { item: string; id: string; entry: Entry; at: number },
  settings: Settings,
): Promise<boolean> {
  const { item, id, entry, at } = of
  let { row } = await readRow(context, id, settings)
  if (!isDecided(row, entry)) {
    if (at < entry.deadline) return false
    row = await kill(context, id, [entry], settings)
  }
  await settle(context, { item, id, token: entry.token, row }, settings)
  return true
}
