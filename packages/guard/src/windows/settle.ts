import { maxAmount } from '../policy/maxAmount.js'
import { type Context, insist } from './Context.js'
import { listCommitted } from './committed.js'
import type { Entry, Part } from './Entry.js'
import * as Row from './Row.js'
import { atMost, type Change, equal, type Settings } from './Store.js'
import * as WindowItem from './WindowItem.js'

/**
 * Removes an entry from its item, whose sums then match the row. Each entry has
 * its own token, so this takes effect once, however often it is tried.
 *
 * @param row - The row in which the entry is decided.
 */
export async function settle(
  context: Context,
  of: { item: string; id: string; token: string; row: Row.Row },
  settings: Settings,
): Promise<'settled'> {
  const { item, id, token, row } = of
  const key = WindowItem.keyOf(item)
  await listCommitted(context, { id, row, tokens: [token] }, settings)
  return insist(context, id, async () => {
    const { value } = await context.store.get(key, settings)
    if (value === undefined) return 'settled'
    const known = WindowItem.read(item, value)
    const found = known.open.get(id)
    if (found?.entry.token !== token) return 'settled'
    const change = toChange(known, found, { item, id, row })
    const done = await context.store.update(key, change, settings)
    return done.value ? 'settled' : undefined
  })
}

function toChange(
  known: WindowItem.WindowItem,
  { entry, text }: { entry: Entry; text: string },
  { item, id, row }: { item: string; id: string; row: Row.Row },
): Change {
  const less = mergeParts(entry.parts).flatMap((part) => {
    const { window, bucket, amount } = part
    const excess =
      entry.kind === '+'
        ? amount - Row.amountOf(row, item, window, entry.token)
        : row.released.includes(entry.token)
          ? amount
          : 0n
    // An amount whose bucket is gone is no longer counted.
    const isCounted = known.windows.get(window)?.buckets.has(bucket)
    return excess > 0n && isCounted ? [{ window, bucket, excess }] : []
  })
  const pathOf = (window: string, bucket: number) =>
    ['windows', window, 'buckets', String(bucket)] as const
  return {
    add: [
      ...sumUp(less).map(
        ([window, excess]) => [['windows', window, 'sum'], -excess] as const,
      ),
      ...less.map(
        ({ window, bucket, excess }) =>
          [pathOf(window, bucket), -excess] as const,
      ),
    ],
    remove: [['open', id]],
    when: [
      equal(['open', id], text),
      ...less.map(({ window, bucket }) =>
        atMost(pathOf(window, bucket), maxAmount),
      ),
    ],
  }
}

/**
 * After a raise, an entry may have two parts in one bucket, which must be
 * changed in one place.
 */
function mergeParts(parts: readonly Part[]): Part[] {
  const merged = new Map<string, Part>()
  for (const part of parts) {
    const key = `${part.window} ${part.bucket}`
    const amount = (merged.get(key)?.amount ?? 0n) + part.amount
    merged.set(key, { ...part, amount })
  }
  return [...merged.values()]
}

/** A release may take from several buckets of one window. */
function sumUp(
  less: { window: string; excess: bigint }[],
): [window: string, excess: bigint][] {
  const sums = new Map<string, bigint>()
  for (const { window, excess } of less)
    sums.set(window, (sums.get(window) ?? 0n) + excess)
  return [...sums]
}
