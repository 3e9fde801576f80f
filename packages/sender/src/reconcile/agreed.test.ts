import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  createTestNode,
  openSenderParts,
  type SenderParts,
  type TestNode,
} from '../../../../test/support/senderParts.js'

// Endpoints of two providers, of which the first one lies about an end. Bytes
// that another wallet has signed with the key for the same nonce are known to
// all who watch the pool.

let parts: SenderParts
let liar: TestNode
let isLying: boolean
let hash: Hex

const rpc = (): Rpc => ({
  ...parts.node.rpc,
  request: (method, ...given) =>
    (isLying ? liar : parts.node).rpc.request(method, ...given),
  providers: async () => ['one', 'other'],
  askEach: async (whom, method, params) =>
    Promise.all(
      [isLying ? liar : parts.node, parts.node]
        .slice(0, whom === 'providers' ? 2 : 1)
        .map((node) => node.rpc.request(method, params)),
    ),
})
const run = (options = {}) => {
  parts.pass(1000)
  return parts.newReconciler({ rpc: rpc(), ...options }).run()
}
const get = () => parts.newSender().get({ idempotencyKey: 'one' })

beforeEach(async () => {
  parts = await openSenderParts()
  liar = createTestNode()
  isLying = false
  hash = (await parts.newSender().send(parts.request('one'))).hash as Hex
  await liar.mine(await parts.sign({ nonce: 0n, value: 9n }))
  await liar.mineEmpty(3)
  isLying = true
})

test("a mined payment is not reported as dropped on one provider's word", async () => {
  await parts.node.mine()
  await parts.node.mineEmpty(3)
  for (let time = 0; time < 3; time++) {
    const { counts } = await run()
    expect(counts).toMatchObject({ dropped: 0, external: 0 })
  }
  const { transactions } = await parts.newSender().list()
  expect(transactions).toMatchObject([{ status: 'sent', final: false, hash }])
  // The sender's own node shows the block.
  expect(await get()).toMatchObject({ status: 'mined', final: false, hash })
  isLying = false
  await run()
  expect(await get()).toMatchObject({ status: 'mined', final: true, hash })
})

test('it is reported after a quarter of an hour', async () => {
  for (let time = 0; time < 3; time++) await run()
  parts.pass(20 * 60_000)
  const { notices } = await run()
  expect(notices.map(({ type }) => type)).toEqual(['transaction.unconfirmed'])
  expect((await get()).problem).toContain('according to one of')
})

test('one is enough if configured', async () => {
  for (let time = 0; time < 2; time++) await run({ finalEndpoints: 1 })
  // Its own chain tells `get` better; what the ledger says is final.
  const { transactions } = await parts.newSender().list()
  expect(transactions).toMatchObject([{ status: 'dropped', final: true }])
})

test('two that agree are believed', async () => {
  parts.node.evict()
  await parts.node.mine(await parts.sign({ nonce: 0n, value: 9n }))
  await parts.node.mineEmpty(3)
  isLying = false
  for (let time = 0; time < 2; time++) await run()
  expect(await get()).toMatchObject({
    ...{ status: 'dropped', reason: { code: 'external-use' } },
  })
})

describe('a filler that only one provider reports as mined', () => {
  /** What was given back of what the policy counted. */
  let released: number
  const fill = (options = {}) =>
    run({
      ...options,
      guard: {
        preview: async () => {},
        release: async () => {
          released++
        },
      },
    })
  beforeEach(async () => {
    released = 0
    isLying = false
    await parts.node.mine()
    await run()
    await parts.ledger.advanceHead(parts.account, 2)
    await parts.ledger.reserve(parts.account, 1n, 'filler')
    parts.pass(60_000)
    await fill()
    const row = await parts.ledger.getNonce(parts.account, 1n)
    liar = createTestNode()
    await liar.mine(row!.attempts[0]!.raw)
    for (const lie of ['eth_getTransactionCount', 'eth_blockNumber'] as const)
      liar.lies[lie] = () => (lie === 'eth_blockNumber' ? '0x5' : '0x2')
    await liar.mineEmpty(4)
    parts.node.evict()
    await parts.node.mine(await parts.sign({ nonce: 1n, value: 9n }))
    await parts.node.mineEmpty(3)
    isLying = true
  })

  test('releases nothing, and is reported after a quarter of an hour', async () => {
    for (let time = 0; time < 3; time++)
      expect((await fill()).notices).toEqual([])
    parts.pass(20 * 60_000)
    const { notices } = await fill()
    expect(notices).toMatchObject([
      { type: 'transaction.unconfirmed', nonce: 1 },
    ])
    expect(notices[0]?.text).toContain('the filler with nonce 1')
    expect(released).toBe(0)
  })

  test('is believed if one is enough', async () => {
    await fill({ finalEndpoints: 1 })
    expect(released).toBe(1)
  })
})
