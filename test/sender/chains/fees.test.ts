import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
      'It was signed 3 times. The node refused it: transaction underpriced',
    )
    node.setFull(false)
    await chain.reconcile({ rpc })
    await chain.mine()
    await chain.reconcile({ rpc })
    expect((await chain.get(transactionId)).status).toBe('mined')
    await node.close()
  })
})

test('a minimum tip holds for the first attempt', async () => {
  const { node, rpc } = await chain.start('bor-like')
  const sent = await chain
    .newSender({ rpc, minTip: 25_000_000_000n })
    .send(toRequest())
  expect(sent.status).toBe('sent')
  await node.close()
})
