import { expect, test } from 'vitest'
import { runChaos } from '../support/chaos/runChaos.js'
import { soak } from '../support/tools.js'

// CHAOS_SECONDS=600 for longer, CHAOS_SEED=n to have one again, as far as
// processes that are killed do the same twice.
const seconds = Number(process.env.CHAOS_SECONDS || (soak ? 60 : 3))
const seed = Number(
  process.env.CHAOS_SEED || Math.floor(Math.random() * 1_000_000),
)

test(`after ${seconds} s of chaos every accepted request is one transaction or one explained end (CHAOS_SEED=${seed})`, {
  timeout: (seconds + 300) * 1000,
}, async () => {
  const result = await runChaos({ seed, seconds })
  const { ends, notices, lost, refusedButPaid, unknown, after, ...tally } =
    result
  const statuses: Record<string, number> = {}
  for (const { status } of ends) statuses[status] = (statuses[status] ?? 0) + 1
  console.log(JSON.stringify({ ...tally, statuses }))
  expect(tally.kills).toBeGreaterThan(0)
  expect(ends.length).toBeGreaterThan(10)
  const wrong = ends.filter(
    ({ status, reason, paid }) =>
      !(
        (status === 'mined' && paid === 1) ||
        (['replaced', 'dropped', 'expired', 'refused'].includes(status) &&
          reason !== undefined &&
          paid === 0)
      ),
  )
  expect(wrong, JSON.stringify(notices).slice(0, 2000)).toEqual([])
  expect(lost).toEqual([])
  expect(refusedButPaid).toEqual([])
  expect(unknown).toEqual([])
  expect(after).toBe('sent')
})
