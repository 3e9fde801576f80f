import type { Length } from '../policy/Policy.js'
import { numberAt, oldestCounted } from './Buckets.js'
import * as Entry from './Entry.js'
import { GuardItemError } from './errors.js'
import type { Key, Values } from './Store.js'
import { lengthOf } from './Window.js'

/** All windows of one asset and scope. */
export type WindowItem = {
  /** 0, the number of the halt, or -1 before its first reservation. */
  readonly halted: bigint
  /** By the window's name. */
  readonly windows: ReadonlyMap<string, Sums>
  /** Pending entries, by the reservation's id. */
  readonly open: ReadonlyMap<string, { entry: Entry.Entry; text: string }>
}

export type Sums = {
  readonly length: Length
  /** The newest bucket. */
  readonly at: number
  /** Over all buckets. */
  readonly sum: bigint
  readonly buckets: ReadonlyMap<number, bigint>
}

export const unborn = -1n

export const keyOf = (item: string): Key => ({ pk: 'windows', sk: item })

export const empty: Values = { halted: unborn, windows: {}, open: {} }

/** @throws GuardItemError */
export function read(item: string, values: Values): WindowItem {
  const fail = (reason: string) =>
    new GuardItemError(`pk=windows sk=${item.slice(0, 80)}`, reason)
  const { halted, windows, open } = values
  if (typeof halted !== 'bigint')
    throw fail('its attribute "halted" is missing')
  if (typeof windows !== 'object')
    throw fail('its attribute "windows" is missing')
  if (typeof open !== 'object') throw fail('its attribute "open" is missing')
  return {
    halted,
    windows: new Map(
      Object.entries(windows).map(([name, value]) => {
        const sums = readSums(name, value)
        if (typeof sums === 'object') return [name, sums]
        throw fail(`its window "${name.slice(0, 80)}" ${sums}`)
      }),
    ),
    open: new Map(
      Object.entries(open).map(([id, text]) => {
        const entry = typeof text === 'string' ? Entry.decode(text) : undefined
        if (entry === undefined || typeof text !== 'string')
          throw fail(`its reservation "${id.slice(0, 80)}" is malformed`)
        return [id, { entry, text }]
      }),
    ),
  }
}

function readSums(name: string, value: Values[string]): Sums | string {
  const length = lengthOf(name)
  if (length === undefined) return 'has no length'
  if (typeof value !== 'object') return 'is not a window'
  const { at, sum, buckets } = value
  if (typeof at !== 'bigint' || typeof sum !== 'bigint')
    return 'has no bucket or sum'
  if (typeof buckets !== 'object') return 'has no buckets'
  const entries: [number, bigint][] = []
  let total = 0n
  for (const [bucket, amount] of Object.entries(buckets)) {
    if (!/^[0-9]{1,12}$/.test(bucket))
      return 'has a bucket with an invalid number'
    if (typeof amount !== 'bigint' || amount < 0n)
      return 'has a bucket with an invalid amount'
    entries.push([Number(bucket), amount])
    total += amount
  }
  // If the sum were too small, it would allow more than the limit.
  if (total !== sum) return 'has a sum that does not match its buckets'
  return { length, at: Number(at), sum, buckets: new Map(entries) }
}

/**
 * The amounts that a window counts at a given time, and the amounts that it no
 * longer counts.
 */
export type Rolled = {
  readonly at: number
  readonly sum: bigint
  readonly kept: ReadonlyMap<number, bigint>
  readonly dropped: ReadonlyMap<number, bigint>
}

/** Never rolls back: a bucket that has begun stays the newest. */
export function roll(sums: Sums, now: number): Rolled {
  const at = Math.max(sums.at, numberAt(sums.length, now))
  const oldest = oldestCounted(sums.length, at)
  const isKept = ([bucket]: [number, bigint]) => bucket >= oldest
  const all = [...sums.buckets]
  const kept = new Map(all.filter(isKept))
  const dropped = new Map(all.filter((one) => !isKept(one)))
  let { sum } = sums
  for (const amount of dropped.values()) sum -= amount
  return { at, sum, kept, dropped }
}

/** How far the clocks of an item's writers may be ahead of its reader's. */
const skewMs = 60_000

/**
 * A new bucket can begin while an item is read. If an item is further ahead,
 * somebody moved it to drop its buckets.
 */
export function newestOf(
  length: Length,
  now: number,
  sums: Sums | undefined,
): number {
  return sums === undefined || sums.at > numberAt(length, now + skewMs)
    ? numberAt(length, now)
    : sums.at
}
