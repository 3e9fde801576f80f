import { expect, test } from 'vitest'
import type { Rises } from './HeadRecord.js'
import * as Rise from './Rise.js'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const never: Rises = { hour: 0, inHour: 0, day: 0, inDay: 0 }
/** The first millisecond of a day. */
const start = 20_000 * dayMs

test('64 in an hour', () => {
  expect(Rise.left(never, start)).toBe(64)
  const some = Rise.add(never, 63, start)
  expect(some).toEqual({ hour: 480_000, inHour: 63, day: 20_000, inDay: 63 })
  expect(Rise.left(some, start)).toBe(1)
  const all = Rise.add(some, 1, start + hourMs - 1)
  expect(Rise.left(all, start + hourMs - 1)).toBe(0)
  expect(Rise.left(all, start + hourMs)).toBe(64)
})

test('256 in a day', () => {
  let rises = never
  for (const hour of [0, 1, 2, 3]) {
    expect(Rise.left(rises, start + hour * hourMs)).toBe(64)
    rises = Rise.add(rises, 64, start + hour * hourMs)
  }
  expect(rises).toEqual({ hour: 480_003, inHour: 64, day: 20_000, inDay: 256 })
  expect(Rise.left(rises, start + 4 * hourMs)).toBe(0)
  expect(Rise.left(rises, start + dayMs - 1)).toBe(0)
  expect(Rise.left(rises, start + dayMs)).toBe(64)
})

test('the rest of the day limits the hour', () => {
  const rises = { hour: 480_004, inHour: 0, day: 20_000, inDay: 250 }
  expect(Rise.left(rises, start + 4 * hourMs)).toBe(6)
})

test('exceeding the limit leaves zero, not less', () => {
  expect(Rise.left(Rise.add(never, 1000, start), start)).toBe(0)
})

test('a clock that was set back starts again', () => {
  const rises = Rise.add(never, 64, start)
  expect(Rise.left(rises, start - 1)).toBe(64)
})
