import { expect, test } from 'vitest'
import { createClock } from './createClock.js'

test('moves as little as the answers allow', () => {
  let now = 50_000
  const clock = createClock(() => now)
  expect(clock.estimate()).toBe(50_000)
  // Sent at 50,000, answered at 50,100 by a clock that showed 90,000 and more.
  now = 50_100
  clock.learn(90_000, 50_000)
  expect(clock.estimate()).toBe(90_000)
  // Within the second that is cut off nothing is known better.
  now = 50_900
  clock.learn(90_000, 50_800)
  expect(clock.estimate()).toBe(90_800)
  now = 51_000
  clock.learn(91_000, 50_950)
  expect(clock.estimate()).toBe(91_000)
  // A clock of ours that was set back.
  now = 10_000
  clock.learn(92_000, 9_900)
  expect(clock.estimate()).toBe(92_000)
  // And one that is ahead.
  now = 99_000
  clock.learn(93_500, 98_900)
  expect(clock.estimate()).toBe(94_600)
})
