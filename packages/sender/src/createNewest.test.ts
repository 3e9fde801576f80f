import { expect, test } from 'vitest'
import { createNewest } from './createNewest.js'

test('keeps the newest entries and drops the oldest first', () => {
  const newest = createNewest<string, number>(2)
  newest.set('a', 1)
  newest.set('b', 2)
  newest.set('a', 3)
  newest.set('c', 4)
  expect(['a', 'b', 'c'].map(newest.get)).toEqual([3, undefined, 4])
})
