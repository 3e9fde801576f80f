import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Rpc, systemRuntime } from '../../../packages/sender/src/index.js'
import { openChain, toRequest } from '../../support/openChain.js'

// Refusals that pass by themselves: the same bytes later, and not in silence.

let chain: Awaited<ReturnType<typeof openChain>>
beforeEach(async () => {
  chain = await openChain()
})
afterEach(() => chain.close())

test.each([
  'full-pool',
  'two-pools',
  'rate-limited',
  'lagging-balancer',
] as const)('%s: two payments are mined, each signed once', async (kind) => {
  const { node, rpc } = await chain.start(kind)
  const sender = chain.newSender({ rpc })
  const sent = [
    await sender.send(toRequest({ value_wei: '5' })),
    await sender.send(toRequest({ value_wei: '7' })),
  ]
  for (let runs = 0; runs < 7; runs++) {
    await chain.reconcile({ rpc, stuckAfterMs: 0 })
    await chain.mine()
    if ('setFull' in node) node.setFull(false)
  }
  for (const { transactionId } of sent) {
    const { status, attempts } = await chain.get(transactionId)
    expect({ status, signed: attempts.length }).toEqual({
      status: 'mined',
      signed: 1,
    })
  }
  expect(await chain.paid()).toBe(12n)
  await node.close()
})

test('a delegated account sends one at a time, and nothing is raised for that', async () => {
  await chain.anvil.call('evm_setAutomine', [false])
  const { node, rpc } = await chain.start('delegated-account')
  const sender = chain.newSender({ rpc })
  const sent = []
  for (let count = 0; count < 3; count++)
    sent.push(await sender.send(toRequest()))
  expect(sent.map(({ status }) => status)).toEqual(['sent', 'signed', 'signed'])
  const runtime = { ...systemRuntime, now: () => Date.now() + 600_000 }
  for (let runs = 0; runs < 4; runs++) {
    await chain.mine()
    await chain.reconcile({ rpc, stuckAfterMs: 60_000, runtime })
  }
  for (const { transactionId } of sent) {
    const { status, attempts } = await chain.get(transactionId)
    expect({ status, signed: attempts.length }).toEqual({
      status: 'mined',
      signed: 1,
    })
  }
  await node.close()
})

test('what nobody understands is told in the words of the node', async () => {
  const { node, rpc } = await chain.start('full-pool', {
    says: 'the moon is in the wrong house',
  })
  const { transactionId } = await chain.newSender({ rpc }).send(toRequest())
  const words =
    'The node answered with an error: the moon is in the wrong house'
  expect((await chain.reconcile({ rpc })).notices).toEqual([])
  const told = [{ type: 'transaction.stuck', text: words, transactionId }]
  expect((await chain.reconcile({ rpc })).notices).toMatchObject(told)
  expect((await chain.reconcile({ rpc })).notices).toMatchObject(told)
  node.setFull(false)
  await chain.reconcile({ rpc })
  const record = await chain.ledger.getTransaction(transactionId)
  expect(record?.status).toBe('sent')
  await node.close()
})

test('numbers in the words do not make it another refusal each time', async () => {
  let count = 100
  const { node, rpc } = await chain.start('full-pool', {
    says: () => `[Request ID: ${crypto.randomUUID()}] the moon: ${++count}`,
  })
  const { transactionId } = await chain.newSender({ rpc }).send(toRequest())
  expect((await chain.reconcile({ rpc })).notices).toEqual([])
  for (let runs = 0; runs < 2; runs++)
    expect((await chain.reconcile({ rpc })).notices).toMatchObject([
      {
        type: 'transaction.stuck',
        text: expect.stringContaining(`the moon: ${count}`),
        transactionId,
      },
    ])
  await node.close()
})

test('a receipt without a status: mined, and nobody says how it went', async () => {
  const { node, rpc } = await chain.start('no-status')
  const sender = chain.newSender({ rpc })
  const { transactionId } = await sender.send(toRequest())
  await chain.mine()
  expect((await chain.reconcile({ rpc })).counts.mined).toBe(1)
  expect(await sender.get({ transactionId })).toMatchObject({
    status: 'mined',
    final: true,
    checked: true,
    receiptStatus: undefined,
  })
  await node.close()
})

test('an access list that is too long is refused before anything is accepted', async () => {
  const storageKeys = Array.from(
    { length: 4000 },
    (_, index) => `0x${index.toString(16).padStart(64, '0')}`,
  )
  const list = [{ address: `0x${'11'.repeat(20)}`, storageKeys }]
  await expect(
    chain.newSender().send(toRequest({ access_list: list })),
  ).rejects.toThrow(
    /up to \d+ bytes with its data and access list, but pools accept at most 131072/,
  )
  expect((await chain.newSender().list()).transactions).toEqual([])
})

test('counts of a node that is behind are no deep reorg', async () => {
  const { transactionId } = await chain.newSender().send(toRequest())
  await chain.mine()
  await chain.reconcile()
  await chain.mine()
  const rpc: Rpc = {
    ...chain.rpc,
    request: async (method, ...rest) =>
      method === 'eth_getTransactionCount'
        ? '0x0'
        : chain.rpc.request(method, ...rest),
  }
  const { notices, counts } = await chain.reconcile({ rpc })
  expect(counts.reorged).toBe(0)
  expect(notices).toMatchObject([{ type: 'chain.behind' }])
  expect(await chain.get(transactionId)).toMatchObject({ final: true })
})
