import { expect, test } from 'vitest'
import { soak } from '../support/tools.js'
import { lacks, print } from './coverage.js'
import { bundle, runWorkers, trace } from './runWorkers.js'

// Forty schedules that have a fault of each kind.
const { from, howMany } = soak
  ? { from: 0, howMany: 100_000 }
  : { from: 65, howMany: 40 }
const least = soak
  ? { character: 500, kind: 2000, pair: 50 }
  : { character: 0, kind: 1, pair: 0 }

test(`${howMany} schedules, and no promise is broken`, async () => {
  const tally = await runWorkers({ from, howMany, workers: 2 })
  const rate = (howMany / tally.ms) * 1000
  console.log(
    `${print(tally.coverage)}\n${Math.round(rate)} schedules a second, ${(tally.cpuMs / howMany).toFixed(1)} ms of CPU each`,
  )
  expect(tally.violations).toEqual([])
  expect(lacks(tally.coverage, least)).toEqual([])
}, 4_000_000)

test('the same seed gives the same trace in another process', async () => {
  const built = await bundle()
  try {
    for (const seed of soak ? [1, 394, 1506] : [394]) {
      const first = await trace(built.program, seed)
      expect(first.lines).toBeGreaterThan(100)
      expect(await trace(built.program, seed)).toEqual(first)
    }
  } finally {
    await built.remove()
  }
})
