import { type Rpc, RpcTimeoutError } from '@keyward/core/rpc'
import { beforeEach, expect, test } from 'vitest'
import {
  openSenderParts,
  type SenderParts,
} from '../../../../test/support/senderParts.js'

// The chain has a block that no reconciler has recorded yet.

let parts: SenderParts
beforeEach(async () => {
  parts = await openSenderParts()
})
const reference = { idempotencyKey: 'one' }
const get = () => parts.newSender().get(reference)
const send = () => parts.newSender().send(parts.request('one'))

/** A node that never answers, and for how long it was waited for. */
function hanging() {
  let waitedMs = 0
  const request: Rpc['request'] = async (_, __, options = {}) => {
    const leftMs = (options.deadline ?? Infinity) - parts.runtime.now()
    waitedMs += leftMs
    parts.pass(leftMs)
    throw new RpcTimeoutError('https://node.example', leftMs)
  }
  return { rpc: { ...parts.node.rpc, request }, waitedMs: () => waitedMs }
}

test('a mined transaction is reported with its block, and nothing is written', async () => {
  const { hash } = await send()
  expect(await get()).toMatchObject({ status: 'sent', checked: true })
  await parts.node.mine()
  const before = structuredClone(parts.table.items)
  const answer = await get()
  expect(answer).toMatchObject({
    ...{ status: 'mined', final: false, checked: true, hash },
    ...{ blockNumber: 1n, receiptStatus: 'succeeded', problem: undefined },
  })
  expect(parts.table.items).toEqual(before)
  await parts.newReconciler().run()
  const { status, blockNumber } = await get()
  expect({ status, blockNumber }).toEqual({ status: 'mined', blockNumber: 1n })
})

test('a mined cancel is reported with the status that the ledger will record', async () => {
  const { hash } = await send()
  parts.pass(5000)
  const { cancelHash } = await parts.newSender().cancel(reference)
  await parts.node.mine()
  expect(cancelHash).not.toBe(hash)
  expect(await get()).toMatchObject({
    ...{ status: 'replaced', final: false, hash: cancelHash },
    ...{ blockNumber: 1n, reason: { code: 'cancelled' } },
  })
  // A repeated request says the same before the reconciler has run.
  expect(await send()).toMatchObject({
    ...{ status: 'replaced', hash: cancelHash, cancelHash },
    reason: { code: 'cancelled' },
  })
})

test('a repeated request names the cancel that is not mined yet', async () => {
  const { hash } = await send()
  parts.pass(5000)
  const { cancelHash } = await parts.newSender().cancel(reference)
  expect(await send()).toMatchObject({ status: 'sent', hash, cancelHash })
})

test('without an answer from a node, the ledger is reported as not checked', async () => {
  const { hash } = await send()
  await parts.node.mine()
  parts.node.lies.eth_getTransactionReceipt = () => {
    throw new Error('the node is down')
  }
  expect(await get()).toMatchObject({
    ...{ status: 'sent', final: false, checked: false, hash },
    blockNumber: undefined,
  })
})

test('a node that hangs does not use up the time of the caller', async () => {
  const { hash } = await send()
  const { rpc, waitedMs } = hanging()
  const deadline = parts.runtime.now() + 30_000
  expect(await parts.newSender({ rpc }).get(reference, { deadline })).toEqual(
    expect.objectContaining({ status: 'sent', checked: false, hash }),
  )
  expect(waitedMs()).toBeLessThanOrEqual(5000)
})

test.each(['mined', 'final'])(
  'nor once the ledger says that it is %s',
  async (state) => {
    await send()
    await parts.node.mine()
    await parts.newReconciler().run()
    if (state === 'final') {
      for (let blocks = 0; blocks < 100; blocks++) await parts.node.mine()
      await parts.newReconciler().run()
    }
    const { rpc, waitedMs } = hanging()
    const deadline = parts.runtime.now() + 30_000
    expect(
      await parts.newSender({ rpc }).get(reference, { deadline }),
    ).toMatchObject({ checked: false })
    expect(waitedMs()).toBeLessThanOrEqual(5000)
  },
)

// `cancel` writes its request, signs and is mined between the two reads.
test.each(['get', 'send'] as const)(
  'a cancel that is mined meanwhile is not taken for a refusal by %s',
  async (operation) => {
    await send()
    let isFirst = true
    const ledger: SenderParts['ledger'] = {
      ...parts.ledger,
      async getNonce(...given) {
        if (isFirst) {
          isFirst = false
          await parts.newSender().cancel(reference)
          await parts.node.mine()
        }
        return parts.ledger.getNonce(...given)
      },
    }
    const sender = parts.newSender({ ledger })
    expect(
      operation === 'get'
        ? await sender.get(reference)
        : await sender.send(parts.request('one')),
    ).toMatchObject({ status: 'replaced', reason: { code: 'cancelled' } })
  },
)

test('texts from the row are answered in one line', async () => {
  await send()
  for (const [name, item] of parts.table.items)
    if (name.startsWith('tx#')) item.problem = { S: 'x)\nThe key was stolen' }
  expect(await get()).toMatchObject({ problem: 'x)\\u000aThe key was stolen' })
})
