import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRpc, systemRuntime } from '../../../packages/sender/src/index.js'
import { startNode } from '../../support/nodes/startNode.js'
import { openChain, toRequest } from '../../support/openChain.js'
import { chainId } from '../../support/openSenderHome.js'

// What endpoints say is a claim: an end needs two of them, and a nonce that
// something is signed for is given up for bytes alone.

let chain: Awaited<ReturnType<typeof openChain>>
beforeEach(async () => {
  chain = await openChain()
})
afterEach(() => chain.close())

const later = (minutes: number) => ({
  ...systemRuntime,
  now: () => Date.now() + minutes * 60_000,
})

test('a receipt that only one of two providers has is not final', async () => {
  const liar = await startNode('receipt-liar', chain.anvil)
  const urls = [liar.url, chain.anvil.url]
  const rpc = createRpc({ urls, chainId })
  const { transactionId } = await chain
    .newSender({ rpc })
    .send(toRequest({ value_wei: '5' }))
  const first = await chain.reconcile({ rpc })
  expect(first.counts.mined).toBe(0)
  const got = () => chain.newSender({ rpc }).get({ transactionId })
  expect(await got()).toMatchObject({ status: 'mined', final: false })
  const { notices, counts } = await chain.reconcile({ rpc, runtime: later(16) })
  expect(counts).toMatchObject({ mined: 0, unconfirmed: 1 })
  expect(notices).toMatchObject([
    { type: 'transaction.unconfirmed', transactionId },
  ])
  expect(await got()).toMatchObject({
    final: false,
    problem: expect.stringContaining('according to one of'),
  })
  expect(await chain.paid()).toBe(0n)
  await liar.release()
  const known = createRpc({ urls: [chain.anvil.url, liar.url], chainId })
  await chain.mine()
  await chain.reconcile({ rpc: known })
  expect(await chain.paid()).toBe(5n)
  await liar.close()
})

test('a pair that disagrees ends nothing, but where one is enough', async () => {
  const { node, rpc } = await chain.start('disagreeing-pair')
  const { transactionId } = await chain.newSender({ rpc }).send(toRequest())
  expect((await chain.reconcile({ rpc })).counts.mined).toBe(0)
  const taken = await chain.reconcile({ rpc, finalEndpoints: 1 })
  expect(taken.counts.mined).toBe(1)
  expect(await chain.get(transactionId)).toMatchObject({ final: true })
  await node.close()
})

test('a pair of which one lags: final when both have it, and no reorg', async () => {
  const { node, rpc } = await chain.start('lagging-pair')
  const { transactionId } = await chain.newSender({ rpc }).send(toRequest())
  await chain.mine()
  expect((await chain.reconcile({ rpc })).counts.mined).toBe(0)
  node.setLag(0)
  expect((await chain.reconcile({ rpc })).counts.mined).toBe(1)
  expect(await chain.get(transactionId)).toMatchObject({ final: true })
  // Only the one that is behind answers now.
  node.setLag(3)
  const lagging = createRpc({ urls: [node.urls[1]!], chainId })
  const { notices, counts } = await chain.reconcile({ rpc: lagging })
  expect(counts.reorged).toBe(0)
  expect(notices).toMatchObject([{ type: 'chain.behind' }])
  await node.close()
})

test('an invented use of a signed nonce ends nothing, and is told once an hour', async () => {
  const { node, rpc } = await chain.start('external-use-liar')
  const { transactionId } = await chain
    .newSender({ rpc })
    .send(toRequest({ value_wei: '5' }))
  await chain.mine()
  await node.lie(chain.address, 0)
  await chain.reconcile({ rpc })
  for (const minutes of [5, 20, 40])
    await chain.reconcile({ rpc, runtime: later(minutes) })
  expect(await chain.get(transactionId)).toMatchObject({
    final: false,
    problem: expect.stringContaining("can't show"),
  })
  await node.release()
  await chain.mine()
  await chain.reconcile()
  expect(await chain.paid()).toBe(5n)
  await node.close()
})

test('nothing raw goes to RPC_URL where there is another URL for it', async () => {
  await chain.anvil.call('evm_setAutomine', [false])
  const { node, rpc } = await chain.start('public-node')
  const sends: string[] = []
  const sendRpc = {
    ...chain.rpc,
    request: async (method: string, ...rest: [never, never]) => {
      sends.push(method)
      return chain.rpc.request(method, ...rest)
    },
  } as typeof chain.rpc
  const options = { rpc, sendRpc }
  const sender = chain.newSender(options)
  const { transactionId, status } = await sender.send(toRequest())
  expect(status).toBe('sent')
  await chain.reconcile(options)
  // Unknown there is not lost, for some blocks.
  expect(sends).toEqual(['eth_sendRawTransaction'])
  await chain.anvil.call('anvil_dropAllTransactions')
  await chain.anvil.call('evm_increaseTime', [5])
  await chain.anvil.call('anvil_mine', ['0x1a'])
  await chain.reconcile(options)
  expect(sends).toHaveLength(2)
  await sender.speedUp({ transactionId })
  await sender.cancel({ transactionId })
  await chain.mine()
  await chain.reconcile(options)
  expect((await chain.get(transactionId)).status).toBe('replaced')
  expect(node.leaks).toEqual([])
  await node.close()
})
