import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemRuntime } from '../../../packages/sender/src/index.js'
import type { NodeKind } from '../../support/nodes/startNode.js'
import { openChain, toRequest } from '../../support/openChain.js'

// What pools ask for, though no block shows it. A payment is mined with three
// signatures at most, and so is what waits behind it.

let chain: Awaited<ReturnType<typeof openChain>>
beforeAll(async () => {
  chain = await openChain()
})
afterAll(() => chain.close())

const kinds: NodeKind[] = [
  'bor-like',
  'bsc-like',
  'empty-blocks',
  'metis-like',
  'cosmos-like',
  'moonbeam-like',
  'banned-bytes',
  'strict-pool',
  'no-fee-history',
  'op-like',
  'scroll-like',
  'gas-cap',
]

test.each(kinds)('%s: two payments are mined', async (kind) => {
  const { node, rpc } = await chain.start(kind)
  const before = await chain.paid()
  const sender = chain.newSender({ rpc })
  const sent = [
    await sender.send(toRequest({ value_wei: '5' })),
    await sender.send(toRequest({ value_wei: '7' })),
  ]
  for (let runs = 0; runs < 5; runs++) {
    await chain.reconcile({ rpc, stuckAfterMs: 0 })
    await chain.mine()
  }
  for (const { transactionId } of sent) {
    const { status, attempts } = await chain.get(transactionId)
    expect({ kind, status }).toEqual({ kind, status: 'mined' })
    expect(attempts.length).toBeLessThanOrEqual(3)
  }
  expect((await chain.paid()) - before).toBe(12n)
  await node.close()
})

test('banned bytes that the node calls known are priced afresh', async () => {
  const says = 'already known'
  const { node, rpc } = await chain.start('banned-bytes', { says })
  const { transactionId, status } = await chain
    .newSender({ rpc })
    .send(toRequest({ max_priority_fee_per_gas: '900000000' }))
  expect(status).toBe('signed')
  await chain.reconcile({ rpc })
  expect(await chain.get(transactionId)).toMatchObject({ status: 'signed' })
  await chain.newSender({ rpc }).speedUp({ transactionId })
  await chain.reconcile({ rpc, stuckAfterMs: 0 })
  expect((await chain.get(transactionId)).status).toBe('mined')
  await node.close()
})

describe('a payment that no pool took', () => {
  test('does not stand in the way of its cancel', async () => {
    const { node, rpc } = await chain.start('bor-like')
    // The cap leaves no room above what was refused.
    const maxFeePerGas = 30_000_000_000n
    const options = { rpc, maxFeePerGas, minTip: 0n }
    const sender = chain.newSender(options)
    const request = toRequest({ max_priority_fee_per_gas: '1000000000' })
    const { transactionId } = await sender.send(request)
    const reports = []
    for (let runs = 0; runs < 4; runs++)
      reports.push(await chain.reconcile({ ...options, stuckAfterMs: 0 }))
    expect((await chain.get(transactionId)).attempts).toHaveLength(1)
    expect(reports.at(-1)?.notices).toMatchObject([
      {
        type: 'transaction.stuck',
        text: expect.stringContaining('max_priority_fee_per_gas'),
      },
    ])
    const { cancelHash } = await sender.cancel({ transactionId })
    expect(cancelHash).toBeDefined()
    await chain.reconcile({ ...options, stuckAfterMs: 0 })
    await chain.mine()
    await chain.reconcile({ ...options })
    expect(await chain.get(transactionId)).toMatchObject({ status: 'replaced' })
    await node.close()
  })

  test('is told after the third signature, in the words of the node', async () => {
    const { node, rpc } = await chain.start('full-pool', {
      says: 'transaction underpriced',
    })
    const { transactionId } = await chain.newSender({ rpc }).send(toRequest())
    const texts: string[] = []
    for (let runs = 0; runs < 3; runs++)
      for (const { text } of (await chain.reconcile({ rpc })).notices)
        texts.push(text)
    expect(texts).toContain(
      'The transaction was signed 3 times. The node answered with an error: transaction underpriced',
    )
    node.setFull(false)
    await chain.reconcile({ rpc })
    await chain.mine()
    await chain.reconcile({ rpc })
    expect((await chain.get(transactionId)).status).toBe('mined')
    await node.close()
  })
})

test('without a base fee, too, blocks that go by without it are a reason', async () => {
  await chain.anvil.call('evm_setAutomine', [false])
  const { node, rpc } = await chain.start('cosmos-like')
  const { transactionId } = await chain.newSender({ rpc }).send(toRequest())
  expect((await chain.reconcile({ rpc })).counts.bumped).toBe(1)
  const after = (minutes: number) => ({
    rpc,
    runtime: { ...systemRuntime, now: () => Date.now() + minutes * 60_000 },
  })
  await chain.anvil.call('anvil_dropAllTransactions')
  await chain.pass(60)
  expect((await chain.reconcile(after(4))).counts.bumped).toBe(0)
  await chain.anvil.call('anvil_dropAllTransactions')
  await chain.pass(60)
  expect((await chain.reconcile(after(6))).counts.bumped).toBe(1)
  await chain.mine()
  await chain.reconcile(after(7))
  expect((await chain.get(transactionId)).status).toBe('mined')
  await chain.anvil.call('evm_setAutomine', [true])
  await node.close()
})

test('fees above what nodes allow are given up like what none ever takes', async () => {
  const { node, rpc } = await chain.start('full-pool', {
    says: 'tx fee (1.10 ether) exceeds the configured cap (1.00 ether)',
  })
  const { transactionId } = await chain.newSender({ rpc }).send(toRequest())
  await chain.reconcile({ rpc })
  expect((await chain.get(transactionId)).attempts).toHaveLength(1)
  node.setFull(false)
  const picky: typeof rpc = {
    ...rpc,
    request: async (method, params, options) => {
      const isRequest = signed.includes(String(params?.[0]))
      if (method === 'eth_sendRawTransaction' && isRequest) node.setFull(true)
      const answer = rpc.request(method, params, options)
      return answer.finally(() => node.setFull(false))
    },
  }
  const row = await chain.ledger.getNonce(chain.account, await next())
  const signed = row?.attempts.map(({ raw }) => String(raw)) ?? []
  expect(
    (await chain.reconcile({ rpc: picky, stuckAfterMs: 0 })).counts.cancelled,
  ).toBe(1)
  await chain.mine()
  await chain.reconcile({ rpc })
  expect((await chain.get(transactionId)).status).toBe('refused')
  await node.close()
})

/** The number that the account uses next. */
async function next(): Promise<bigint> {
  const params = [chain.address, 'latest']
  return BigInt(
    String(await chain.anvil.call('eth_getTransactionCount', params)),
  )
}

test('a minimum tip holds for the first attempt', async () => {
  const { node, rpc } = await chain.start('bor-like')
  const sent = await chain
    .newSender({ rpc, minTip: 25_000_000_000n })
    .send(toRequest())
  expect(sent.status).toBe('sent')
  await node.close()
})
