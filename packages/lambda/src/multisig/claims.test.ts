import { Proposal, SafeTransaction } from '@keyward/safe'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type CoordinatorRig,
  openCoordinatorRig,
} from '../../../../test/support/safe/openCoordinatorRig.js'
import type { Owner } from '../../../../test/support/safe/owners.js'

// Items in the table are only claims: an attacker got past its policy and wrote
// them.

type Hex = `0x${string}`
const payee: Hex = `0x${'aa'.repeat(20)}`
const thief: Hex = `0x${'bd'.repeat(20)}`

let rig: Awaited<ReturnType<typeof openCoordinatorRig>>
let owners: [Owner, Owner, Owner]
beforeAll(async () => {
  rig = await openCoordinatorRig()
  owners = rig.owners
})
afterAll(() => rig?.close())

let safe: CoordinatorRig['safe']
let store: CoordinatorRig['store']
let sent: CoordinatorRig['sent']
let coordinator: CoordinatorRig['coordinator']
let approveAs: CoordinatorRig['approveAs']
let forward: CoordinatorRig['forward']
const call = { caller: 'dora' }
beforeEach(async () => {
  const created = await rig.create()
  ;({ safe, store, sent, coordinator, approveAs, forward } = created)
})

const propose = () => coordinator.propose({ to: payee, value: 5n }, call)

/** Writes attributes of a proposal that nobody may write. */
async function forge(safeTx: Hex, attributes: Record<string, string>) {
  const names = Object.keys(attributes)
  await rig.db.call('UpdateItem', {
    TableName: 'proposals',
    Key: {
      pk: { S: `safe#${safe.domain.chainId}#${safe.domain.safe}` },
      sk: { S: `proposal#${safeTx}` },
    },
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(
      names.map((name) => [`#${name}`, name]),
    ),
    ExpressionAttributeValues: Object.fromEntries(
      names.map((name) => [`:${name}`, { S: attributes[name] }]),
    ),
  })
}
const attributeOf = ({ address }: Owner) => `owner_${address.slice(2)}`
const stored = (bytes: string) => JSON.stringify({ bytes, by: 'anna', at: 1 })

test('another payee under the same hash is neither signed nor sent', async () => {
  const { safeTx } = await propose()
  const record = await store.read(safeTx)
  const bundle = { ...(record?.bundle as object), to: thief }
  await forge(safeTx, { bundle: JSON.stringify(bundle) })
  await expect(approveAs(owners[0], safeTx)).rejects.toThrow(
    'The hash in the bundle is',
  )
  await expect(coordinator.execute(safeTx, call)).rejects.toThrow()
  expect((await coordinator.list(call)).damaged).toEqual([safeTx])
  // Even without the stored hash, the fields have a different one.
  await forge(safeTx, {
    bundle: JSON.stringify({ ...bundle, safeTxHash: undefined }),
  })
  await expect(approveAs(owners[0], safeTx)).rejects.toThrow(
    'The hash in the bundle is',
  )
  expect(sent).toEqual([])
})

test('a proposal for another Safe, stored under this one, is refused', async () => {
  const other = { ...safe.domain, safe: thief }
  const transaction = SafeTransaction.create({ to: payee, nonce: 0n })
  const proposal = Proposal.create(other, transaction)
  const record = {
    ...{ safeTx: proposal.safeTx, bundle: Proposal.toBundle(proposal) },
    ...{ proposer: 'dora', createdAt: 1, expiresAt: Date.now() + 60_000 },
    ...{ status: 'open' as const, signatures: {} },
  }
  await store.create(record)
  await expect(approveAs(owners[0], proposal.safeTx)).rejects.toThrow(
    'but the safe file is for',
  )
})

test("signatures that are not their owners' don't count", async () => {
  const { safeTx } = await propose()
  await approveAs(owners[0], safeTx)
  const first = (await store.read(safeTx))?.signatures[owners[0].address]
  // Copied to another owner, for another hash, and not even bytes.
  const { safeTx: other } = await coordinator.propose(
    { to: payee, value: 6n },
    call,
  )
  await approveAs(owners[1], other)
  const elsewhere = (await store.read(other))?.signatures[owners[1].address]
  for (const bytes of [first?.bytes, elsewhere?.bytes, '0x00', 'x']) {
    await forge(safeTx, { [attributeOf(owners[1])]: stored(String(bytes)) })
    const { signed } = await coordinator.get(safeTx, call)
    expect(signed).toEqual([owners[0].address])
    await expect(coordinator.execute(safeTx, call)).rejects.toThrow(
      'The transaction has 1 of 2 required signatures.',
    )
  }
  // What is no signature at all doesn't stop the others either.
  for (const bytes of ['x', '{"bytes":{"toString":1},"at":{"valueOf":1}}']) {
    await forge(safeTx, { [attributeOf(owners[1])]: bytes })
    expect((await coordinator.get(safeTx, call)).end).toBe('waiting')
  }
  await approveAs(owners[2], safeTx)
  await coordinator.execute(safeTx, call)
  expect(sent).toHaveLength(1)
})

test('an owner whose place somebody filled is informed, and signs nothing twice', async () => {
  const { safeTx } = await propose()
  await forge(safeTx, { [attributeOf(owners[0])]: stored('0x00') })
  await expect(approveAs(owners[0], safeTx)).rejects.toThrow(
    'is not a signature of this transaction',
  )
})

test('the recorded execution is verified on the chain', async () => {
  const { safeTx } = await propose()
  await forge(safeTx, { executedBy: `0x${'11'.repeat(32)}` })
  expect(await coordinator.get(safeTx, call)).toMatchObject({
    ...{ end: 'waiting', execution: undefined },
  })
  // The receipt of another execution proves nothing about this one.
  const other = await coordinator.propose({ to: payee, value: 6n }, call)
  for (const owner of owners.slice(0, 2)) await approveAs(owner, other.safeTx)
  await coordinator.execute(other.safeTx, call)
  const { transactionHash } = await rig.chain.send({
    to: safe.address,
    data: sent[0] as Hex,
  })
  await forge(safeTx, { executedBy: transactionHash })
  expect((await coordinator.get(safeTx, call)).end).toBe('replaced')
  expect((await coordinator.get(other.safeTx, call)).end).toBe('mined')
})

test('a rejected proposal that somebody marks as open still needs its owners', async () => {
  const { safeTx } = await propose()
  await approveAs(owners[0], safeTx)
  await coordinator.reject(safeTx, call)
  await forge(safeTx, { status: 'open' })
  await expect(coordinator.execute(safeTx, call)).rejects.toThrow(
    'The transaction has 1 of 2 required signatures.',
  )
  await forge(safeTx, { status: 'approved' })
  await expect(approveAs(owners[1], safeTx)).rejects.toThrow(
    /the field "status" of the item "proposal#0x[0-9a-f]{64}" is damaged/,
  )
  // It doesn't hide the others.
  const other = await coordinator.propose({ to: payee, value: 7n }, call)
  expect(other.end).toBe('waiting')
  expect((await coordinator.list(call)).damaged).toEqual([safeTx])
})

test('a forged view makes co-signers refuse, never sign', async () => {
  const { safeTx } = await propose()
  await store.writeView({ owners: [thief], threshold: 1, nonce: 0n })
  await expect(approveAs(owners[0], safeTx)).rejects.toThrow(
    'see different states of the Safe',
  )
  // The transaction sent is the one that the chain's owners signed.
  await coordinator.get(safeTx, call)
  for (const owner of owners.slice(0, 2)) await approveAs(owner, safeTx)
  await coordinator.execute(safeTx, call)
  const receipt = await rig.chain.send({
    to: safe.address,
    data: sent[0] as Hex,
  })
  expect(receipt.status).toBe('0x1')
})

test('an expired proposal is neither signed nor sent', async () => {
  const { safeTx } = await propose()
  for (const owner of owners.slice(0, 2)) await approveAs(owner, safeTx)
  forward(50_000)
  expect((await coordinator.get(safeTx, call)).end).toBe('ready')
  forward(61_000)
  await expect(approveAs(owners[2], safeTx)).rejects.toThrow('expired at 20')
  await expect(coordinator.execute(safeTx, call)).rejects.toThrow('expired at')
  await expect(propose()).rejects.toThrow('expired at')
  expect(await coordinator.get(safeTx, call)).toMatchObject({
    end: 'expired',
    why: expect.stringMatching(/stay valid until the Safe's nonce 0 is used/),
  })
  expect(sent).toEqual([])
  // A signed transaction can still be used up.
  const { replacement } = await coordinator.reject(safeTx, call)
  for (const owner of owners.slice(0, 2))
    await approveAs(owner, replacement?.safeTx as Hex)
  await coordinator.execute(replacement?.safeTx as Hex, call)
  expect(sent).toHaveLength(1)
})

test('a signature is discarded if the proposal expires while KMS signs', async () => {
  const { safeTx } = await propose()
  const [owner] = owners
  const { sign } = owner.key
  const slow = {
    ...owner,
    key: {
      ...owner.key,
      address: owner.key.address,
      sign: (async (...given: Parameters<typeof sign>) => {
        const signed = await sign(...given)
        forward(61_000)
        return signed
      }) as typeof sign,
    },
  }
  await expect(approveAs(slow, safeTx)).rejects.toThrow('expired at')
  expect((await store.read(safeTx))?.signatures).toEqual({})
})

test("proposing the same transaction again doesn't affect approvals", async () => {
  const first = await coordinator.propose({ to: payee, value: 5n }, call)
  const given = { to: payee, value: 5n }
  const again = await coordinator.propose(given, { caller: 'anna' })
  expect(again).toMatchObject({ safeTx: first.safeTx, proposer: 'dora' })
  expect(await approveAs(owners[0], first.safeTx)).toMatchObject({
    isNew: true,
  })
  // Only her own call makes anna a proposer.
  const own = await coordinator.propose(
    { ...given, value: 6n },
    { caller: 'anna' },
  )
  await coordinator.propose({ ...given, value: 6n }, call)
  await expect(approveAs(owners[0], own.safeTx)).rejects.toThrow(
    'made the proposal',
  )
})

test('a proposer rejects only its own proposals, an approver all of them', async () => {
  const { safeTx } = await propose()
  await approveAs(owners[0], safeTx)
  await expect(coordinator.reject(safeTx, { caller: 'emil' })).rejects.toThrow(
    `"emil" can't reject the proposal ${safeTx}, which "dora" proposed.`,
  )
  const { end, signed, alternatives } = await coordinator.get(safeTx, call)
  expect({ end, signed, alternatives }).toEqual({
    ...{ end: 'waiting', signed: [owners[0].address], alternatives: [] },
  })
  for (const caller of ['dora', 'fred']) {
    const other = await coordinator.propose(
      { to: payee, value: caller === 'dora' ? 7n : 8n },
      call,
    )
    const { rejected } = await coordinator.reject(other.safeTx, { caller })
    expect(rejected.end).toBe('rejected')
  }
})
