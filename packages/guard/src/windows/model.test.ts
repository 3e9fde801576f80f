import { systemRuntime } from '@keyward/core/rpc'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import {
  findExcess,
  lengths,
  type Spent,
} from '../../../../test/support/windows/findExcess.js'
import { createWindows } from './createWindows.js'
import { createStore } from './memory/createStore.js'
import type { Window } from './Window.js'
import { WindowExceededError } from './WindowExceededError.js'

// One process and time as it comes, against a list of times and amounts.

const buckets = { hour: 12, day: 24, week: 28 }
const limit = 50n
const runs = soak ? 1000 : 12
/** Of the window's length, in thousandths; mostly short, now and then long. */
const wait = fc.oneof(
  { weight: 6, arbitrary: fc.nat(60) },
  { weight: 1, arbitrary: fc.nat(1200) },
)
const steps = fc.array(
  fc.record({ wait, more: fc.nat(1000), amount: fc.bigInt(0n, 30n) }),
  { minLength: 20, maxLength: 60 },
)

test.each(['hour', 'day', 'week'] as const)(
  '%s: no interval has more than the limit, and nothing is refused that has been free for a bucket',
  async (length) => {
    const ms = lengths[length]
    const window: Window = { id: 'w', asset: 'usdc', length, limit }
    let refused = 0
    const check = async (
      steps: { wait: number; more: number; amount: bigint }[],
    ) => {
      let now = 1_800_000_000_000
      const runtime = { ...systemRuntime, now: () => now }
      const windows = createWindows(
        createStore(() => now),
        runtime,
      )
      const spent: Spent[] = []
      const sumSince = (time: number) =>
        spent
          .filter(({ at }) => at > time)
          .reduce((sum, { amount }) => sum + amount, 0n)
      for (const [n, { wait, more, amount }] of steps.entries()) {
        now += (wait * ms) / 1000 + more
        const charges = [{ window, scope: {}, amount }]
        try {
          await windows.reserve({ id: `r${n}`, charges })
          spent.push({ at: now, amount })
        } catch (error) {
          if (!(error instanceof WindowExceededError)) throw error
          refused++
          const lateMs = ms / buckets[length]
          expect(sumSince(now - ms - lateMs) + amount).toBeGreaterThan(limit)
          // Then it is free, as it says, and not a millisecond earlier.
          const { freeAt } = error
          for (const [time, isFree] of [
            [freeAt! - 1, false],
            [freeAt!, true],
          ] as const) {
            now = time
            const [found] = await windows.read([{ window, scope: {} }])
            expect(found!.left >= amount).toBe(isFree)
          }
        }
      }
      expect(findExcess(window, spent)).toBe(undefined)
    }
    await fc.assert(fc.asyncProperty(steps, check), {
      numRuns: runs,
    })
    expect(refused).toBeGreaterThan(runs)
  },
)
