import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { beforeEach, expect, test } from 'vitest'
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

test('a payment that is mined is not told to be dropped by the word of one', async () => {
  await parts.node.mine()
  await parts.node.mineEmpty(3)
  for (let time = 0; time < 3; time++) {
    const { counts } = await run()
    expect(counts).toMatchObject({ dropped: 0, external: 0 })
  }
  expect(await get()).toMatchObject({ status: 'sent', final: false, hash })
  isLying = false
  await run()
  expect(await get()).toMatchObject({ status: 'mined', final: true, hash })
})

test('it is told, after a quarter of an hour', async () => {
  for (let time = 0; time < 3; time++) await run()
  parts.pass(20 * 60_000)
  const { notices } = await run()
  expect(notices.map(({ type }) => type)).toEqual(['transaction.unconfirmed'])
  expect((await get()).problem).toContain('by the word of one provider')
})

test('one is enough where that is set', async () => {
  for (let time = 0; time < 2; time++) await run({ finalEndpoints: 1 })
  // Its own chain tells `get` better; what the ledger says is final.
  const { transactions } = await parts.newSender().list()
  expect(transactions).toMatchObject([{ status: 'dropped', final: true }])
})

test('two that say the same are believed', async () => {
  parts.node.evict()
  await parts.node.mine(await parts.sign({ nonce: 0n, value: 9n }))
  await parts.node.mineEmpty(3)
  isLying = false
  for (let time = 0; time < 2; time++) await run()
  expect(await get()).toMatchObject({
    ...{ status: 'dropped', reason: { code: 'external-use' } },
  })
})
