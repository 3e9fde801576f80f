import { encodeExecution, Proposal, SafeSignature } from '@keyward/safe'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type CoordinatorRig,
  openCoordinatorRig,
} from '../../../../test/support/safe/openCoordinatorRig.js'
import type { Owner } from '../../../../test/support/safe/owners.js'

// What a caller who may only propose can do to the proposals of others.

type Hex = `0x${string}`
const payee: Hex = `0x${'aa'.repeat(20)}`
const mallory = { caller: 'mallory' }
const dora = { caller: 'dora' }
const approver = { caller: 'fred' }

let rig: Awaited<ReturnType<typeof openCoordinatorRig>>
let owners: [Owner, Owner, Owner]
beforeAll(async () => {
  rig = await openCoordinatorRig()
  owners = rig.owners
})
afterAll(() => rig?.close())

let here: CoordinatorRig
beforeEach(async () => {
  here = await rig.create()
})

test('only approvers reject the call that uses up a nonce', async () => {
  const { coordinator, safe, approveAs } = here
  const empty = { to: safe.address, nonce: 0n }
  const { safeTx } = await coordinator.propose(empty, mallory)
  await expect(coordinator.reject(safeTx, mallory)).rejects.toThrow(
    `"mallory" can't reject the proposal ${safeTx}, which the owners may need to use up nonce 0.`,
  )
  await coordinator.reject(safeTx, approver)
  const payment = await coordinator.propose({ to: payee, value: 5n }, mallory)
  await approveAs(owners[0], payment.safeTx)
  const { replacement } = await coordinator.reject(payment.safeTx, approver)
  expect(replacement).toMatchObject({ safeTx, end: 'waiting' })
  for (const owner of owners.slice(0, 2)) await approveAs(owner, safeTx)
  await coordinator.execute(safeTx, approver)
  expect(here.sent).toHaveLength(1)
})

test('a replacement that expired or was rejected can be proposed again', async () => {
  const { coordinator, safe, approveAs } = here
  const { safeTx } = await coordinator.propose({ to: payee, value: 5n }, dora)
  await approveAs(owners[0], safeTx)
  const { replacement } = await coordinator.reject(safeTx, approver)
  const empty = replacement?.safeTx as Hex
  await approveAs(owners[0], empty)
  here.forward(61_000)
  expect((await coordinator.get(empty, dora)).end).toBe('expired')
  const again = await coordinator.reject(safeTx, approver)
  expect(again.replacement).toMatchObject({ safeTx: empty, end: 'waiting' })
  expect(again.replacement?.signed).toEqual([owners[0].address])
  await coordinator.reject(empty, approver)
  const nonce = 0n
  expect(
    await coordinator.propose({ to: safe.address, nonce }, dora),
  ).toMatchObject({ safeTx: empty, end: 'waiting' })
  await approveAs(owners[1], empty)
  await coordinator.execute(empty, dora)
  expect(here.sent).toHaveLength(1)
  // The relayer has it, whatever is decided about it afterwards.
  await coordinator.reject(empty, approver)
  expect((await coordinator.reject(safeTx, approver)).replacement?.end).toBe(
    'executing',
  )
})

test("withdrawing a proposal doesn't close it for others", async () => {
  const { coordinator, approveAs } = here
  const given = { to: payee, value: 7n }
  const { safeTx } = await coordinator.propose(given, mallory)
  await coordinator.reject(safeTx, mallory)
  // For herself, it is closed.
  await expect(coordinator.propose(given, mallory)).rejects.toThrow(
    'was rejected by "mallory"',
  )
  expect(await coordinator.propose(given, dora)).toMatchObject({
    ...{ safeTx, end: 'waiting', proposer: 'dora' },
  })
  await expect(coordinator.reject(safeTx, mallory)).rejects.toThrow(
    `"mallory" can't reject the proposal ${safeTx}, which "dora" proposed.`,
  )
  await approveAs(owners[0], safeTx)
  // An approver's decision is final for all.
  await coordinator.reject(safeTx, approver)
  await expect(coordinator.propose(given, dora)).rejects.toThrow(
    'was rejected by "fred"',
  )
})

test('of two proposers, neither can reject the proposal alone', async () => {
  const { coordinator, approveAs } = here
  const given = { to: payee, value: 8n }
  const { safeTx } = await coordinator.propose(given, mallory)
  for (const caller of [dora, dora, mallory])
    expect(await coordinator.propose(given, caller)).toMatchObject({
      ...{ safeTx, proposer: 'mallory' },
    })
  for (const owner of owners.slice(0, 2)) await approveAs(owner, safeTx)
  await expect(coordinator.reject(safeTx, mallory)).rejects.toThrow(
    `"mallory" can't reject the proposal ${safeTx}, which "dora" also proposed.`,
  )
  await expect(coordinator.reject(safeTx, dora)).rejects.toThrow(
    `"dora" can't reject the proposal ${safeTx}, which "mallory" also proposed.`,
  )
  expect((await coordinator.get(safeTx, dora)).end).toBe('ready')
})

test('a concurrent proposal and rejection are ordered', async () => {
  const { coordinator } = here
  const given = { to: payee, value: 9n }
  const { safeTx } = await coordinator.propose(given, mallory)
  await Promise.allSettled([
    coordinator.reject(safeTx, mallory),
    coordinator.propose(given, dora),
  ])
  // Either order leaves her proposal open, at the latest when she asks again.
  const { end } = await coordinator.propose(given, dora)
  expect(end).toBe('waiting')
  await expect(coordinator.reject(safeTx, mallory)).rejects.toThrow("can't")
})

test('an export counts as a signature, because owners elsewhere can have signed', async () => {
  const { coordinator, safe } = here
  const { safeTx } = await coordinator.propose({ to: payee, value: 0n }, dora)
  let proposal = await Proposal.fromBundle(
    await coordinator.export(safeTx, dora),
  )
  for (const owner of owners.slice(1))
    proposal = await here.approveElsewhere(owner, proposal)
  const { rejected, replacement } = await coordinator.reject(safeTx, dora)
  expect(rejected.why).toMatch(
    /^Rejected by dora\. The proposal was exported or imported, so owners may have signed it outside this stack\. Signatures stay valid until the Safe's nonce 0 is used/,
  )
  expect(replacement?.end).toBe('waiting')
  const data = encodeExecution(
    proposal.transaction,
    SafeSignature.pack(proposal.signatures),
  )
  const { status } = await rig.chain.send({ to: safe.address, data })
  expect(status).toBe('0x1')
  expect((await coordinator.get(safeTx, dora)).end).toBe('mined')
})

test('an unsigned proposal is only known to be unsigned here', async () => {
  const { coordinator } = here
  const { safeTx } = await coordinator.propose({ to: payee, value: 5n }, dora)
  const { rejected, replacement } = await coordinator.reject(safeTx, approver)
  expect(rejected.why).toBe(
    'Rejected by fred. Nobody has signed the proposal here.',
  )
  expect(replacement).toBeUndefined()
  await expect(coordinator.export(safeTx, dora)).rejects.toThrow('was rejected')
})

test('an expired proposal is proposed again at its nonce only if nobody signed it', async () => {
  const { coordinator, approveAs, forward } = here
  const given = { to: payee, value: 5n }
  const { safeTx } = await coordinator.propose(given, mallory)
  const shared = await coordinator.propose({ ...given, value: 6n }, mallory)
  await coordinator.export(shared.safeTx, mallory)
  forward(61_000)
  expect((await coordinator.get(safeTx, dora)).end).toBe('expired')
  await expect(
    coordinator.propose({ ...given, value: 6n }, dora),
  ).rejects.toThrow('expired at')
  expect(await coordinator.propose(given, dora)).toMatchObject({
    ...{ safeTx, end: 'waiting', proposer: 'dora' },
  })
  await expect(coordinator.reject(safeTx, mallory)).rejects.toThrow("can't")
  await approveAs(owners[0], safeTx)
  forward(122_000)
  await expect(coordinator.propose(given, dora)).rejects.toThrow('expired at')
})
