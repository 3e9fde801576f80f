import { maxAmount } from '../policy/maxAmount.js'
import type { Length } from '../policy/Policy.js'
import { numberAt } from './Buckets.js'
import type { Context } from './Context.js'
import {
  atMost,
  type Change,
  type Condition,
  equal,
  type Settings,
} from './Store.js'
import { smaller } from './Window.js'
import { keyOf, roll, type Sums } from './WindowItem.js'

/**
 * Moves a window to the bucket of `now` and adds `amount` there, if no other
 * roll comes first and the limit allows it.
 *
 * @param sums - The sums as read, or a length if the window begins.
 */
export function rollWindow(
  name: string,
  sums: Sums | Length,
  { now, amount, limit }: { now: number; amount: bigint; limit?: bigint },
): Change {
  const path = ['windows', name]
  if (typeof sums === 'string') {
    const at = numberAt(sums, now)
    const begun = {
      at: BigInt(at),
      sum: amount,
      buckets: { [at]: amount },
    }
    return { set: [[path, begun]], when: [{ is: 'absent', path }] }
  }
  const { at, dropped, kept } = roll(sums, now)
  const bucketOf = (bucket: number) => [...path, 'buckets', String(bucket)]
  let gone = 0n
  for (const one of dropped.values()) gone += one
  // A sum too large for DynamoDB exceeds every limit.
  const most = limit === undefined ? maxAmount : limit - amount + gone
  const when: Condition[] = [
    equal([...path, 'at'], BigInt(sums.at)),
    atMost([...path, 'sum'], smaller(most, maxAmount)),
    // Drops exactly the amounts that were read, because entries may be settled
    // in the meantime.
    ...[...dropped].map(([bucket, one]) => equal(bucketOf(bucket), one)),
  ]
  const isThere = kept.has(at)
  return {
    set: [
      ...(at === sums.at ? [] : [[[...path, 'at'], BigInt(at)] as const]),
      ...(isThere ? [] : [[bucketOf(at), amount] as const]),
    ],
    add: [
      [[...path, 'sum'], amount - gone],
      ...(isThere ? [[bucketOf(at), amount] as const] : []),
    ],
    remove: [...dropped.keys()].map(bucketOf),
    when,
  }
}

/**
 * Rolls each window with one write. If a write fails, another process came
 * first.
 */
export async function rollAll(
  { store }: Context,
  item: string,
  windows: Iterable<[name: string, sums: Sums]>,
  now: number,
  settings: Settings,
): Promise<void> {
  for (const [name, sums] of windows) {
    const change = rollWindow(name, sums, { now, amount: 0n })
    await store.update(keyOf(item), change, settings)
  }
}
