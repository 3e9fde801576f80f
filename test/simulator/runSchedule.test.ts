import { describe, expect, test } from 'vitest'
import type { Schedule } from './createSchedule.js'
import { createSchedule } from './createSchedule.js'
import { kinds } from './Fault.js'
import { runSchedule } from './runSchedule.js'
import { toyProduct } from './toyProduct.js'

/** A toy has no cancels, no caps, no other speed, and one kind of chain. */
const simplify = (schedule: Schedule) => {
  schedule.character = 'plain'
  schedule.faults = []
  for (const request of schedule.requests) {
    delete request.maxFeePerGas
    request.cancels = []
  }
}

describe('a toy, while nothing fails', () => {
  test('keeps all promises', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const outcome = await runSchedule(seed, toyProduct('careful'), {
        edit: simplify,
      })
      expect([seed, outcome.violations]).toEqual([seed, []])
      expect(outcome.mined).toBe(createSchedule(seed).requests.length)
    }
  })

  test('is caught when it pays twice', async () => {
    const found: string[] = []
    for (let seed = 1; seed <= 20; seed++) {
      const toy = toyProduct('careless')
      const { violations } = await runSchedule(seed, toy, { edit: simplify })
      found.push(...violations)
    }
    expect(found.some((text) => /is paid 2 times/.test(text))).toBe(true)
  })
})

test('the same seed gives the same run, to the last line', async () => {
  const run = async (seed: number) => {
    const trace: string[] = []
    const outcome = await runSchedule(seed, toyProduct('careful'), { trace })
    return { trace, outcome }
  }
  for (const seed of [3, 4, 5]) {
    const first = await run(seed)
    await run(seed + 100)
    expect(await run(seed)).toEqual(first)
    expect(first.trace.length).toBeGreaterThan(100)
  }
})

test('schedules are as the issue wants them', () => {
  const seen = new Set<string>()
  let requests = 0
  let repeated = 0
  for (let seed = 0; seed < 500; seed++) {
    const schedule = createSchedule(seed)
    expect(createSchedule(seed)).toEqual(schedule)
    expect(schedule.requests.length).toBeGreaterThanOrEqual(3)
    expect(schedule.requests.length).toBeLessThanOrEqual(8)
    const values = new Set(schedule.requests.map(({ value }) => value))
    expect(values.size).toBe(schedule.requests.length)
    for (const { kind } of schedule.faults) seen.add(kind)
    requests += schedule.requests.length
    repeated += schedule.requests.filter(({ sends }) => sends.length > 1).length
  }
  expect([...seen].sort()).toEqual([...kinds].sort())
  expect(repeated / requests).toBeGreaterThan(0.2)
})
