import { beforeEach, describe, expect, test } from 'vitest'
import {
  openSenderParts,
  type SenderParts,
} from '../../../../test/support/senderParts.js'
import * as SendRequest from '../request/SendRequest.js'

// A ledger that is halted, for what may come back and be paid twice: nothing but
// the end of that lets it go on, and something always does.

let parts: SenderParts
let { account, ledger, node, pass, request, sign, table } = {} as SenderParts
beforeEach(async () => {
  parts = await openSenderParts()
  ;({ account, ledger, node, pass, request, sign, table } = parts)
  await send('kept', 10n)
  await node.mine()
})

const send = (key: string, value: bigint) =>
  parts.newSender().send(request(key, { value }))
const run = (own = ledger) => {
  pass(60_000)
  return parts.newReconciler({ ledger: own }).run()
}
const head = async (own = ledger) => (await own.getHead(account))!

describe('lost nonces below others that wait', () => {
  const lose = async (below: bigint) => {
    const halt = { reason: 'lost', below } as const
    const renewed = { next: 5n, hasAdopted: true, halt }
    expect(await ledger.renewHead(account, await head(), renewed)).toBe(true)
  }

  test('do not end the halt for a run that began earlier', async () => {
    await ledger.haltHead(account, { reason: 'foreign', below: 3n })
    const before = await head()
    await lose(3n)
    await ledger.resumeHead(account, before)
    expect((await head()).halt).toMatchObject({ reason: 'lost', below: 3n })
  })

  test('do not end the halt if another one is added', async () => {
    await lose(3n)
    node.lies.eth_getTransactionCount = () => '0x5'
    await run()
    delete node.lies.eth_getTransactionCount
    expect((await head()).halt).toMatchObject({ reason: 'missing', below: 5n })
    for (let runs = 0; runs < 3; runs++) await run()
    expect((await head()).halt).toMatchObject({ below: 5n, lostBelow: 3n })
    // Filled, or come back: it is used, and final.
    await node.mine(await sign({ nonce: 1n }), await sign({ nonce: 2n }))
    for (let runs = 0; runs < 4; runs++) await run()
    expect((await head()).halt).toBe(undefined)
  })

  test.each([
    ['cancelled', 'dropped'],
    ['expired', 'expired'],
  ])(
    'is filled though a request that is %s has its number',
    async (end, status) => {
      const more = end === 'expired' ? { validUntil: Date.UTC(2026, 0, 1) } : {}
      const one = request('bound', more)
      const id = SendRequest.transactionId('*library', 'bound')
      await ledger.accept({
        ...{ id, account, request: one, caller: '*library' },
        requestHash: SendRequest.hash(one, account),
        createdAt: parts.runtime.now(),
      })
      await ledger.advanceHead(account, 1)
      await ledger.bind(id, 1n, await ledger.reserve(account, 1n, id))
      if (end === 'cancelled') await ledger.requestCancel(id)
      // Since the backup.
      await node.send(await sign({ nonce: 2n, value: 8n }))
      pass(20_000)
      const restored = table.newLedger('restored')
      const reconciler = parts.newReconciler({ ledger: restored })
      expect(await reconciler.repair()).toMatchObject({ lost: [1n] })
      const ask = node.truth.eth_getTransactionCount!
      for (let runs = 0; runs < 6; runs++) {
        await run(restored)
        if (ask([account.address, 'pending']) === '0x3') await node.mine()
      }
      expect((await head(restored)).halt).toBe(undefined)
      expect(
        await parts
          .newSender({ ledger: restored })
          .get({ idempotencyKey: 'bound' }),
      ).toMatchObject({ status, final: true })
    },
  )
})

describe('a missing row', () => {
  const lose = async () => {
    await send('lost', 11n)
    await node.mine()
    for (const [key, { nonce }] of table.items)
      if (key.includes('nonce#00000000000000000001') || isOne(nonce))
        table.items.delete(key)
  }
  const isOne = (nonce: unknown) => (nonce as { N?: string })?.N === '1'
  const halted = { halt: { reason: 'missing', below: 2n } }

  test('halts it, even if the node fails later in that run', async () => {
    await lose()
    await node.mine(await sign({ nonce: 2n, value: 3n }))
    const check = () => Promise.reject(new Error('down'))
    pass(60_000)
    const rpc = { ...node.rpc, check }
    const report = await parts.newReconciler({ rpc }).run()
    expect(report.notices.map(({ type }) => type)).toEqual([
      'ledger.incomplete',
      'step.failed',
    ])
    expect(await head()).toMatchObject(halted)
    for (let runs = 0; runs < 4; runs++) await run()
    pass(3000)
    await expect(send('lost', 11n)).rejects.toThrow(
      'The same transaction was sent before',
    )
  })

  test('halts it before the row is restored', async () => {
    await lose()
    const dying = table.newLedger('ledger', () => ({
      create: () => Promise.reject(new Error('died')),
    }))
    await run(dying)
    expect(await head()).toMatchObject(halted)
  })
})
