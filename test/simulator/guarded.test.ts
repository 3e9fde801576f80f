import { expect, test } from 'vitest'
import { soak } from '../support/tools.js'
import { runGuarded } from './runGuarded.js'

// The simulator's schedules, with a policy whose windows have room for half of
// what is asked for: nothing that the ledger promises may suffer, and no more is
// signed within the window's length than it allows.

const howMany = soak ? 5000 : 12
// Fewer have none that spends beyond the limit.
const rollbacks = soak ? howMany / 2 : 12

test(`${howMany} schedules: the ledger's promises hold, and the window's`, async () => {
  const broken: string[] = []
  const seen = { allowed: 0, full: 0 }
  for (let seed = 0; seed < howMany; seed++) {
    const { violations, allowed, spent, limit } = await runGuarded(seed)
    seen.allowed += allowed
    if (spent > limit / 2n) seen.full++
    broken.push(...violations)
  }
  expect(broken).toEqual([])
  // Windows that are never near their limit prove nothing.
  expect(seen.allowed).toBeGreaterThan(howMany)
  expect(seen.full).toBeGreaterThan(howMany / 3)
}, 3_600_000)

// What bumps raised is missed where only a nonce's cheapest attempt is compared.
test.each([1300, 1352])(
  'schedule %i, whose table is rolled back between bumps: halted',
  async (seed) => {
    const { violations, rolledBack } = await runGuarded(seed, 'in place')
    expect(violations).toEqual([])
    expect(rolledBack?.haltedMs).toBeDefined()
  },
)

// Who writes to the windows' table, or restores it, has it forget what was spent.
test.each(['in place', 'restored'] as const)(
  `${rollbacks} schedules whose windows' table is rolled back, %s: halted, or within the limit`,
  async (how) => {
    const broken: string[] = []
    const seen = { halted: 0, beyond: 0, lifted: 0 }
    for (let seed = 0; seed < rollbacks; seed++) {
      const { violations, spent, limit, rolledBack } = await runGuarded(
        ...([seed, how] as const),
      )
      broken.push(...violations)
      if (rolledBack?.haltedMs !== undefined) seen.halted++
      if (rolledBack?.liftedMs !== undefined) seen.lifted++
      if (spent > limit) seen.beyond++
    }
    expect(broken).toEqual([])
    // Rollbacks that nobody could use prove nothing.
    expect(seen.halted).toBeGreaterThan(rollbacks / 4)
    expect(seen.lifted).toBeGreaterThan(rollbacks / 5)
    expect(seen.beyond).toBeGreaterThan(
      how === 'in place' ? rollbacks / 30 : -1,
    )
  },
  3_600_000,
)
