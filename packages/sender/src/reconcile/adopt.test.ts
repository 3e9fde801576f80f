import { beforeEach, describe, expect, test } from 'vitest'
import {
  openSenderParts,
  type SenderParts,
} from '../../../../test/support/senderParts.js'
import type { Ledger } from '../ledger/Ledger.js'
import type { Store } from '../ledger/Store.js'
import * as SendRequest from '../request/SendRequest.js'
import type { Repair } from './repair/RepairReport.js'

// A payment that the restored ledger lacks, and operators who make mistakes:
// whatever they do, the request that it was is not paid again by its repetition.

let parts: SenderParts
let restored: Ledger
let repair: Repair
/** What happens before an item is created with this sort key. */
let before: Record<string, () => Promise<unknown>>

beforeEach(async () => {
  parts = await openSenderParts()
  before = {}
  const { node, sign, table, request } = parts
  await parts.newSender().send(request('kept'))
  await node.mine()
  await node.mine(
    await sign({ nonce: 1n }),
    await sign({ nonce: 2n, value: 6n }),
  )
  restored = table.newLedger('restored', (store: Store) => ({
    create: async (item, settings) => {
      await before[(item.sk as { S: string }).S]?.()
      return store.create(item, settings)
    },
  }))
  repair = await reconciler().repair()
  expect(repair.complete).toBe(true)
})

const reconciler = () => parts.newReconciler({ ledger: restored })
const sender = () => parts.newSender({ ledger: restored })
const send = (key: string, more = {}) => sender().send(parts.request(key, more))
/** The payment of 5 wei at nonce 1, or that of 6 wei at nonce 2. */
const adopt = (idempotencyKey: string, which = 0) =>
  reconciler().adopt({
    hash: repair.found[which]!.hash,
    caller: '*library',
    idempotencyKey,
  })

/** As a process that died then. */
async function accept(key: string, account = parts.account) {
  const { ledger, runtime } = parts
  const request = parts.request(key)
  const [caller, createdAt] = ['*library', runtime.now()]
  const id = SendRequest.transactionId(caller, key)
  const requestHash = SendRequest.hash(request, account)
  await ledger.accept({ id, caller, account, request, requestHash, createdAt })
}

describe('adopt', () => {
  test('with the key of another transaction changes nothing', async () => {
    await expect(adopt('kept')).rejects.toThrow(
      'belongs to another transaction',
    )
    await expect(send('lost')).rejects.toThrow(
      'The same transaction was sent before',
    )
    expect(await adopt('lost')).toMatchObject({ status: 'mined', nonce: 1 })
    expect(await send('lost')).toMatchObject({ status: 'mined', nonce: 1 })
    expect(parts.signs()).toBe(3)
  })

  test('that is interrupted still does not pay the request again', async () => {
    before.tx = () => Promise.reject(new Error('died'))
    await expect(adopt('lost')).rejects.toThrow('died')
    before = {}
    await expect(send('lost')).rejects.toThrow(
      'The same transaction was sent before',
    )
    expect(await adopt('lost')).toMatchObject({ status: 'mined', nonce: 1 })
    expect(await send('lost')).toMatchObject({ status: 'mined', nonce: 1 })
    expect(parts.signs()).toBe(3)
  })

  test('while its request is being accepted claims nothing', async () => {
    before.tx = async () => {
      before = {}
      await send('lost', { notARepeat: true })
    }
    await expect(adopt('lost')).rejects.toThrow(
      'belongs to another transaction',
    )
    await expect(send('again')).rejects.toThrow(
      'The same transaction was sent before',
    )
    expect(await adopt('right')).toMatchObject({ status: 'mined', nonce: 1 })
  })

  test('of a second payment with the same key changes nothing', async () => {
    await adopt('lost')
    await expect(adopt('lost', 1)).rejects.toThrow(
      'belongs to another transaction',
    )
    expect(await sender().get({ idempotencyKey: 'lost' })).toMatchObject({
      ...{ status: 'mined', nonce: 1, checked: true },
    })
    await expect(send('other', { value: 6n })).rejects.toThrow(
      'The same transaction was sent before',
    )
  })

  test('of a payment for a request that was refused as another one', async () => {
    const { ledger, account, runtime } = parts
    const request = parts.request('waiting')
    const id = SendRequest.transactionId('*library', 'waiting')
    const requestHash = SendRequest.hash(request, account)
    const createdAt = runtime.now()
    const caller = '*library'
    await ledger.accept({
      id,
      caller,
      account,
      request,
      requestHash,
      createdAt,
    })
    expect((await reconciler().run()).counts.refused).toBe(1)
    await expect(adopt('waiting', 1)).rejects.toThrow('does not do what')
    expect(await adopt('waiting')).toMatchObject({ status: 'mined', nonce: 1 })
    expect(await sender().get({ idempotencyKey: 'waiting' })).toMatchObject({
      ...{ status: 'mined', nonce: 1, checked: true },
    })
  })

  test('notifies the webhook, which knew of the refusal', async () => {
    const heard: string[] = []
    const createExchange = (() => async (_: object, body: string) => {
      const { transaction: data } = JSON.parse(body)
      if (data.idempotency_key === 'waiting') heard.push(data.status)
      return { status: 200 }
    }) as never
    const webhook = {
      ...{ url: 'https://hooks', secret: 'x'.repeat(16), createExchange },
    }
    const open = () => parts.newReconciler({ ledger: restored, webhook })
    await accept('waiting')
    await open().run()
    await open().run()
    expect(heard).toEqual(['refused'])
    const { hash } = repair.found[0]!
    const given = { hash, caller: '*library', idempotencyKey: 'waiting' }
    await open().adopt(given)
    await open().run()
    await open().run()
    expect(heard).toEqual(['refused', 'mined'])
  })

  test('notifies even during the notification of the refusal', async () => {
    const heard: string[] = []
    const { hash } = repair.found[0]!
    const given = { hash, caller: '*library', idempotencyKey: 'waiting' }
    let meanwhile: (() => Promise<unknown>) | undefined
    const createExchange = (() => async (_: object, body: string) => {
      const { transaction: data } = JSON.parse(body)
      if (data.idempotency_key === 'waiting') {
        heard.push(data.status)
        const [once] = [meanwhile]
        meanwhile = undefined
        await once?.()
      }
      return { status: 200 }
    }) as never
    const webhook = {
      ...{ url: 'https://hooks', secret: 'x'.repeat(16), createExchange },
    }
    const open = () => parts.newReconciler({ ledger: restored, webhook })
    await accept('waiting')
    await open().run()
    meanwhile = () => open().adopt(given)
    for (let runs = 0; runs < 3; runs++) await open().run()
    expect(heard).toEqual(['refused', 'mined'])
  })

  test('for a request of another chain changes nothing', async () => {
    const account = { ...parts.account, chainId: 1 }
    await accept('theirs', account)
    const id = SendRequest.transactionId('*library', 'theirs')
    const reason = { code: 'possible-repeat', text: '' }
    await restored.finish(id, { status: 'refused', reason, notify: false })
    await expect(adopt('theirs')).rejects.toThrow(
      'belongs to another transaction',
    )
    expect(await restored.getTransaction(id)).toMatchObject({
      ...{ status: 'refused', adopted: false },
    })
    expect(await adopt('lost')).toMatchObject({ status: 'mined' })
  })

  test('hides who had the nonce before', async () => {
    const { node, sign } = parts
    await send('mine', { value: 9n })
    await sender().cancel({ idempotencyKey: 'mine' })
    node.evict()
    await node.mine(await sign({ nonce: 3n, value: 8n }))
    for (let runs = 0; runs < 2; runs++) await reconciler().run()
    const mine = await sender().get({ idempotencyKey: 'mine' })
    expect(mine).toMatchObject({ status: 'dropped', nonce: 3 })
    expect(mine.attempts).toHaveLength(2)
    const { foreign } = (await restored.getNonce(parts.account, 3n))!
    const caller = 'another'
    const given = { hash: foreign!.hash, caller, idempotencyKey: 'theirs' }
    await reconciler().adopt(given)
    const theirs = await sender().get({ idempotencyKey: 'theirs' }, { caller })
    expect(theirs).toMatchObject({ status: 'mined', nonce: 3, attempts: [] })
  })

  test('of a transaction that is not final is too early', async () => {
    const { hash } = repair.found[0]!
    const options = { ledger: restored, confirmations: 3 }
    const early = { hash, caller: '*library', idempotencyKey: 'lost' }
    const open = () => parts.newReconciler(options)
    await expect(open().adopt(early)).rejects.toThrow(
      'is in block 2, which becomes final with block 4; the newest block is 2, so try again later',
    )
    await parts.node.mineEmpty(2)
    expect(await open().adopt(early)).toMatchObject({ status: 'mined' })
  })
})

test('a forged claim does not replace a row', async () => {
  const { items } = parts.table
  for (const [key, item] of items)
    if ((item.kind as { S: string }).S.startsWith('adopted'))
      items.set(key, { ...item, claimedBy: { S: 'ab'.repeat(20) } })
  await expect(send('lost')).rejects.toThrow(
    'The same transaction was sent before',
  )
})
