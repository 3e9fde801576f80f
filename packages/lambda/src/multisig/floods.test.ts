import { Proposal, SafeTransaction } from '@keyward/safe'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type CoordinatorRig,
  openCoordinatorRig,
} from '../../../../test/support/safe/openCoordinatorRig.js'

// One proposer can't make the coordinator read what others don't need.

const payee = `0x${'aa'.repeat(20)}` as const
const mallory = { caller: 'mallory' }
const dora = { caller: 'dora' }

let rig: Awaited<ReturnType<typeof openCoordinatorRig>>
beforeAll(async () => {
  rig = await openCoordinatorRig()
})
afterAll(() => rig?.close())

let here: CoordinatorRig
beforeEach(async () => {
  here = await rig.create()
})

/** Past the coordinator's limits. */
async function fill(nonce: bigint, count: number, proposer: string) {
  for (let value = 1n; value <= count; value++) {
    const transaction = SafeTransaction.create({ to: payee, value, nonce })
    const proposal = Proposal.create(here.safe.domain, transaction)
    const { safeTx } = proposal
    await here.store.createEntry({ safeTx, nonce, proposer })
    await here.store.create({
      ...{ safeTx, bundle: Proposal.toBundle(proposal) },
      ...{ proposer, createdAt: here.now(), expiresAt: here.now() + 60_000 },
      ...{ status: 'open', signatures: {} },
    })
  }
}

test('looking at a nonce reads only its own proposals', async () => {
  const { coordinator, store } = here
  for (const nonce of [5n, 50n, 2n ** 256n - 1n]) await fill(nonce, 2, 'm')
  const { safeTx } = await coordinator.propose(
    { to: payee, value: 9n, nonce: 5n },
    dora,
  )
  const { alternatives } = await coordinator.get(safeTx, dora)
  expect(alternatives).toHaveLength(2)
  expect(await store.list({ from: 5n, to: 5n })).toHaveLength(3)
  expect(await store.list({ from: 6n, to: 49n })).toEqual([])
  expect(await store.list({ from: 50n, to: 50n })).toHaveLength(2)
  expect(await store.listEntries({ from: 6n })).toHaveLength(4)
  expect((await coordinator.list(dora)).proposals).toHaveLength(7)
})

test('a proposer has at most 20 proposals at a nonce, and 100 in all', async () => {
  const { coordinator } = here
  await fill(5n, 20, 'mallory')
  const given = (nonce: bigint, value = 30n) => ({ to: payee, value, nonce })
  await expect(coordinator.propose(given(5n), mallory)).rejects.toThrow(
    '"mallory" has 20 proposals with nonce 5; at most 20 are allowed.',
  )
  // What was proposed before is no more; others have their own limit.
  await coordinator.propose(given(5n, 1n), mallory)
  const { safeTx } = await coordinator.propose(given(5n), dora)
  await coordinator.propose(given(5n), mallory)
  expect((await coordinator.get(safeTx, dora)).end).toBe('waiting')
  for (const nonce of [6n, 7n, 8n, 9n]) await fill(nonce, 20, 'mallory')
  await expect(coordinator.propose(given(10n), mallory)).rejects.toThrow(
    '"mallory" has 100 proposals with unused nonces; at most 100 are allowed.',
  )
  await coordinator.propose(given(10n), dora)
})

test("concurrent proposals don't exceed the limit", async () => {
  const { coordinator, store } = here
  const propose = (value: bigint) =>
    coordinator.propose({ to: payee, value, nonce: 5n }, mallory)
  const values = Array.from({ length: 40 }, (_, at) => BigInt(at))
  await Promise.allSettled(values.map(propose))
  const count = async () => (await store.list({ from: 5n, to: 5n })).length
  expect(await count()).toBeLessThanOrEqual(20)
})

test("proposing a refused proposal again doesn't bypass the limit", async () => {
  const { coordinator, store, safe } = here
  const given = { to: payee, value: 30n, nonce: 5n }
  await fill(5n, 20, 'mallory')
  const { safeTx } = Proposal.create(safe.domain, SafeTransaction.create(given))
  await store.createEntry({ safeTx, nonce: 5n, proposer: 'mallory' })
  await expect(coordinator.propose(given, mallory)).rejects.toThrow(
    'at most 20 are allowed',
  )
  expect(await store.list({ from: 5n, to: 5n })).toHaveLength(20)
})
