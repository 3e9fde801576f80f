import { expect, test } from 'vitest'
import * as Buckets from './Buckets.js'

const lengths = [
  ['hour', 3_600_000, 300_000],
  ['day', 86_400_000, 3_600_000],
  ['week', 604_800_000, 21_600_000],
] as const

test.each(lengths)('%s: exact to the millisecond', (length, ms, size) => {
  expect(Buckets.sizeOf(length)).toBe(size)
  const begin = 5000 * size
  expect(Buckets.numberAt(length, begin)).toBe(5000)
  expect(Buckets.numberAt(length, begin - 1)).toBe(4999)
  const isCounted = (spentAt: number, now: number) =>
    Buckets.numberAt(length, spentAt) >=
    Buckets.oldestCounted(length, Buckets.numberAt(length, now))
  for (const spentAt of [begin, begin + 1, begin + size - 1]) {
    // Both ends of an interval of the window's length.
    expect(isCounted(spentAt, spentAt + ms)).toBe(true)
    const freeAt = Buckets.freeAt(length, 5000)
    expect(isCounted(spentAt, freeAt - 1)).toBe(true)
    expect(isCounted(spentAt, freeAt)).toBe(false)
    expect(freeAt - spentAt - ms).toBeGreaterThan(0)
    expect(freeAt - spentAt - ms).toBeLessThanOrEqual(size)
  }
})

test('enough is free after the necessary number of oldest buckets', () => {
  const buckets = new Map([
    [102, 5n],
    [100, 7n],
    [101, 0n],
  ])
  const at = (excess: bigint) => Buckets.whenFree('hour', buckets, excess)
  expect(at(7n)).toBe(101 * 300_000 + 3_600_000)
  expect(at(8n)).toBe(103 * 300_000 + 3_600_000)
  expect(at(12n)).toBe(103 * 300_000 + 3_600_000)
  expect(at(13n)).toBe(undefined)
})
