import type { Hex } from '@keyward/core'
import { RpcRefusedError } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  openSenderParts,
  type SenderParts,
} from '../../../../../test/support/senderParts.js'
import type { Ledger } from '../../ledger/Ledger.js'
import * as SendRequest from '../../request/SendRequest.js'

// A backup that has a request with a nonce and nothing signed for it. It was
// signed and sent since then, or it was not: the backup does not know.

let parts: SenderParts
let restored: Ledger
beforeEach(async () => {
  parts = await openSenderParts()
  restored = parts.table.newLedger('restored')
  await parts.newSender().send(parts.request('kept'))
  await parts.node.mine()
})

const repair = (ledger = restored) => parts.newReconciler({ ledger }).repair()
const sender = () => parts.newSender({ ledger: restored })
const get = () => sender().get({ idempotencyKey: 'bound' })
const run = () => {
  parts.pass(700_000)
  return parts.newReconciler({ ledger: restored }).run()
}
const runs = async (times: number) => {
  for (let time = 0; time < times; time++) {
    await run()
    await parts.node.mine()
  }
}

/** To nonce 1, as by a process that died then. */
async function bind(ledger = parts.ledger) {
  const { account, runtime } = parts
  const request = parts.request('bound')
  const [caller, createdAt] = ['*library', runtime.now()]
  const id = SendRequest.transactionId(caller, 'bound')
  const requestHash = SendRequest.hash(request, account)
  await ledger.accept({ id, caller, account, request, requestHash, createdAt })
  await ledger.advanceHead(account, 1)
  await ledger.bind(id, 1n, await ledger.reserve(account, 1n, id))
}

/** As most nodes: they know no balances and counts of old blocks. */
function forget() {
  const { truth, lies } = parts.node
  const ask = truth.eth_getTransactionCount!
  const block = truth.eth_getBlockByNumber!
  lies.eth_getTransactionCount = (params) => {
    const { number } = block(['latest']) as { number: Hex }
    const isOld = Number(params[1]) < Number(number) - 1
    if (!isOld) return ask(params)
    const error = {
      code: -32000,
      message: 'missing trie node',
      data: undefined,
    }
    throw new RpcRefusedError('https://node', 'method', error)
  }
}
const remember = () => {
  delete parts.node.lies.eth_getTransactionCount
}

describe('it was paid, but the node keeps no history', () => {
  beforeEach(async () => {
    await bind()
    await parts.node.mine(await parts.sign({ nonce: 1n }))
    await parts.node.mineEmpty(10)
    forget()
  })

  test('the repair is not complete until a node shows it', async () => {
    expect(await repair()).toMatchObject({ unproven: [1n], complete: false })
    await runs(4)
    remember()
    expect(await repair()).toMatchObject({
      ...{ found: [{ nonce: 1n }], unproven: [], complete: true },
    })
    await runs(4)
    expect(await get()).toMatchObject({
      status: 'mined',
      nonce: 1,
      final: true,
    })
    expect(parts.node.count()).toBe(2)
  })

  test('also for its own table that lost its head', async () => {
    const sk = 'head'
    const { items } = parts.table
    for (const [key, item] of items)
      if ((item.sk as { S: string }).S === sk) items.delete(key)
    const own = await repair(parts.ledger)
    expect(own).toMatchObject({ unproven: [1n], complete: false })
  })
})

describe('a repaired ledger, and a node that keeps no history', () => {
  const use = async (value: bigint) => {
    expect(await repair()).toMatchObject({ complete: true })
    await bind(restored)
    await parts.node.mine(await parts.sign({ nonce: 1n, value }))
    await parts.node.mineEmpty(10)
    forget()
    for (let time = 0; time < 3; time++) {
      const { notices } = await run()
      const told = time === 0 ? [] : [expect.stringContaining("can't show")]
      expect(notices.map(({ text }) => text)).toEqual(told)
    }
    expect(await get()).toMatchObject({ final: false, nonce: 1 })
    remember()
    await runs(4)
  }

  test('its own payment, which came back, is recognised and not paid again', async () => {
    await use(5n)
    expect(await get()).toMatchObject({ status: 'mined', nonce: 1 })
    expect(parts.node.count()).toBe(2)
  })

  test('another one is recognised too, and the request gets its turn', async () => {
    await use(7n)
    expect(await get()).toMatchObject({ status: 'mined', nonce: 2 })
    await expect(
      sender().send(parts.request('lost', { value: 7n })),
    ).rejects.toThrow('The same transaction was sent before')
  })
})

describe('it waits, and later transactions are in the pool', () => {
  beforeEach(async () => {
    await bind()
    await parts.node.send(await parts.sign({ nonce: 2n, value: 7n }))
  })

  test('it counts as lost: its bytes may come back, and it is paid once', async () => {
    expect(await repair()).toMatchObject({ lost: [1n], complete: true })
    await expect(sender().send(parts.request('new'))).rejects.toThrow(
      'could reappear, and a request would then be paid twice',
    )
    await run()
    await parts.node.mine(await parts.sign({ nonce: 1n }))
    await runs(5)
    expect(await get()).toMatchObject({
      ...{ status: 'refused', reason: { code: 'possible-repeat' } },
    })
    const paid = await sender().send(parts.request('new', { value: 9n }))
    expect(paid).toMatchObject({ status: 'sent', nonce: 3 })
    expect(parts.node.count()).toBe(3)
  })

  test('its bytes do not come back: it is paid once the gap is filled', async () => {
    await repair()
    await run()
    expect((await run()).counts.filled).toBe(1)
    await runs(4)
    expect(await get()).toMatchObject({ status: 'mined', nonce: 3 })
    expect(parts.node.count()).toBe(4)
  })

  test('in its own table, which forgets nothing, it just waits', async () => {
    expect(await repair(parts.ledger)).toMatchObject({
      lost: [],
      complete: true,
    })
  })
})
