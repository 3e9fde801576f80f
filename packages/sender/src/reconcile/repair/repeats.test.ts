import { beforeEach, expect, test } from 'vitest'
import {
  openSenderParts,
  type SenderParts,
} from '../../../../../test/support/senderParts.js'
import * as SendRequest from '../../request/SendRequest.js'

// What a ledger has lost, and that would be paid once more: by who repeats it
// while the repair is half done, or by the reconciler itself.

let parts: SenderParts
let { account, ledger, node, pass, request, table } = {} as SenderParts
beforeEach(async () => {
  parts = await openSenderParts()
  ;({ account, ledger, node, pass, request, table } = parts)
})

const send = (key: string, more = {}) =>
  parts.newSender().send(request(key, more))

test('after an interrupted repair, the rest is still compared', async () => {
  for (const [index, key] of ['kept', 'one', 'two', 'last'].entries()) {
    await send(key, { value: BigInt(index) })
    await node.mine()
  }
  await parts.newReconciler().run()
  for (const [key, { nonce }] of table.items)
    if (
      /nonce#0{19}[12]$/.test(key) ||
      ['1', '2'].includes((nonce as { N?: string })?.N ?? '')
    )
      table.items.delete(key)
  const block = node.truth.eth_getBlockByNumber!
  node.lies.eth_getBlockByNumber = (params) => {
    const found = block(params) as { number: string }
    return found.number === '0x3' ? { ...found, transactions: [] } : found
  }
  expect(await parts.newReconciler().repair()).toMatchObject({
    ...{ found: [{ nonce: 1n }], unproven: [2n], complete: false },
  })
  pass(3000)
  await expect(send('one', { value: 1n })).rejects.toThrow(
    'The same transaction was sent before',
  )
})

test.each([
  ['table', undefined],
  ['free', { S: 'none' }],
])(
  'rows are found even if an invalid %s makes the head unreadable',
  async (name, value) => {
    await send('kept', { value: 1n })
    await node.mine(await parts.sign({ nonce: 1n, value: 2n }))
    const key = [...table.items.keys()].find((one) => /^head.*head$/.test(one))!
    const { [name]: _, ...damaged } = table.items.get(key)!
    table.items.set(
      key,
      value === undefined ? damaged : { ...damaged, [name]: value },
    )
    expect(await parts.newReconciler().repair()).toMatchObject({
      ...{ found: [{ nonce: 1n }], complete: true },
    })
    expect(await ledger.getHead(account)).toMatchObject({ hasAdopted: true })
  },
)

test('not_a_repeat does not cover what was found later', async () => {
  await send('kept', { value: 9n })
  await node.mine()
  const more = { notARepeat: true } as const
  const id = SendRequest.transactionId('*library', 'waiting')
  await ledger.accept({
    ...{ id, account, caller: '*library', request: request('waiting', more) },
    requestHash: SendRequest.hash(request('waiting', more), account),
    createdAt: parts.runtime.now(),
  })
  const backup = structuredClone([...table.items])
  pass(20_000)
  await send('waiting', more)
  await node.mine()
  table.items.clear()
  for (const [key, item] of backup) table.items.set(key, item)
  const restored = table.newLedger('restored')
  const reconciler = () => parts.newReconciler({ ledger: restored })
  const repair = await reconciler().repair()
  expect(repair.complete).toBe(true)
  for (let runs = 0; runs < 3; runs++) {
    pass(60_000)
    await reconciler().run()
    await node.mine()
  }
  expect(node.count()).toBe(2)
  const sender = parts.newSender({ ledger: restored })
  expect(await sender.get({ idempotencyKey: 'waiting' })).toMatchObject({
    ...{ status: 'refused', reason: { code: 'possible-repeat' } },
  })
  const { hash } = repair.found[0]!
  const given = { hash, caller: '*library', idempotencyKey: 'waiting' }
  expect(await reconciler().adopt(given)).toMatchObject({ status: 'mined' })
  // What was found before it was made, it knows of.
  expect(await sender.send(request('meant', more))).toMatchObject({ nonce: 2 })
})
