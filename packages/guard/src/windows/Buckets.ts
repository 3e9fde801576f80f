import type { Length } from '../policy/Policy.js'

const hourMs = 3_600_000

/** The length of each window, and the number of its buckets. */
const lengths = {
  hour: { ms: hourMs, buckets: 12 },
  day: { ms: 24 * hourMs, buckets: 24 },
  week: { ms: 168 * hourMs, buckets: 28 },
} as const

/** Milliseconds of one bucket: 5 minutes, 1 hour, 6 hours. */
export function sizeOf(length: Length): number {
  return lengths[length].ms / lengths[length].buckets
}

/** The number of the bucket that contains a time (ms since 1970). */
export function numberAt(length: Length, time: number): number {
  return Math.floor(time / sizeOf(length))
}

/**
 * The oldest bucket that is counted while `current` is the newest. A window
 * that ends within `current` also begins within a bucket, so one more bucket is
 * counted than the window has.
 */
export function oldestCounted(length: Length, current: number): number {
  return current - lengths[length].buckets
}

/** When a bucket stops being counted, in ms since 1970. */
export function freeAt(length: Length, bucket: number): number {
  return (bucket + 1) * sizeOf(length) + lengths[length].ms
}

/** When the amount `excess` becomes free, given the counted buckets. */
export function whenFree(
  length: Length,
  buckets: ReadonlyMap<number, bigint>,
  excess: bigint,
): number | undefined {
  let freed = 0n
  for (const [bucket, amount] of [...buckets].sort(([a], [b]) => a - b)) {
    freed += amount
    if (freed >= excess) return freeAt(length, bucket)
  }
  return undefined
}
