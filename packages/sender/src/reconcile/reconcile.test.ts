import { type Hex, Transaction } from '@keyward/core'
import { RpcRefusedError } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  openSenderParts,
  type SenderParts,
} from '../../../../test/support/senderParts.js'
import type { ReconcilerOptions } from '../createReconciler.js'
import * as SendRequest from '../request/SendRequest.js'
import type { Report } from './Report.js'

// What a real chain does rarely, and what somebody wrote who may not.

let parts: SenderParts
let { account, ledger, node, pass, request, sign, signs, table } =
  {} as SenderParts
beforeEach(async () => {
  parts = await openSenderParts()
  ;({ account, ledger, node, pass, request, sign, signs, table } = parts)
})

const run = (options: Partial<ReconcilerOptions> = {}) =>
  parts.newReconciler(options).run()
const send = (key: string, more = {}) =>
  parts.newSender().send(request(key, more))
const get = (idempotencyKey: string) =>
  parts.newSender().get({ idempotencyKey })
const head = async () => (await ledger.getHead(account))!
const typesOf = ({ notices }: Report) => notices.map(({ type }) => type)
const idOf = (key: string) => SendRequest.transactionId('*library', key)
/** As if a process had died after this. */
const acceptOnly = async (key: string, more = {}) => {
  const one = request(key, more)
  const { transaction } = await ledger.accept({
    id: idOf(key),
    caller: '*library',
    account,
    request: one,
    requestHash: SendRequest.hash(one, account),
    createdAt: parts.runtime.now(),
  })
  return transaction
}
const bind = async (key: string, nonce: bigint) => {
  const claim = await ledger.reserve(account, nonce, idOf(key))
  await ledger.bind(idOf(key), nonce, claim)
  return claim!
}
const rowOf = (nonce: number) =>
  `account#${account.chainId}#${account.address}\0nonce#${String(nonce).padStart(20, '0')}`
/** As somebody changes a row who may write to the table. */
const change = (id: string, fields: object) =>
  table.items.set(id, { ...table.items.get(id), ...fields })
const refuse = (message: string) => {
  const error = { code: -32000, message, data: undefined }
  return new RpcRefusedError('https://node', 'method', error)
}

describe('the key is used elsewhere', () => {
  test('once: it is reported, and the next nonce is assigned', async () => {
    await send('one')
    await node.mine()
    await node.mine(await sign({ nonce: 1n }))
    expect(typesOf(await run())).toEqual([])
    expect((await head()).next).toBe(2n)
    pass(1000)
    await run()
    const report = await run()
    expect(report.counts.external + (await run()).counts.external).toBeLessThan(
      3,
    )
    expect((await ledger.getNonce(account, 1n))?.owner).toBe('external')
    expect((await ledger.getNonce(account, 1n))?.foreign?.value).toBe(5n)
    expect(await send('two')).toMatchObject({ nonce: 2 })
  })

  test('too often: nothing is accepted until all is recorded', async () => {
    await send('one')
    await node.mine()
    for (const nonce of [1n, 2n, 3n, 4n]) await node.mine(await sign({ nonce }))
    const report = await run()
    expect(typesOf(report)).toEqual(['ledger.incomplete'])
    expect(report.notices[0]?.text).toMatchInlineSnapshot(
      '"Others used the key 4 times in one run, but MAX_FOREIGN allows 3: no requests are accepted until all transactions below nonce 5 are final and recorded. To record them now, run keyward tx repair."',
    )
    expect(await head()).toMatchObject({
      next: 5n,
      halt: { reason: 'foreign', below: 5n },
    })
    pass(3000)
    await expect(send('two')).rejects.toThrow(
      'more transactions from outside Keyward than MAX_FOREIGN allows',
    )
    for (let runs = 0; runs < 4; runs++) {
      pass(1000)
      await run()
    }
    expect((await head()).halt).toBe(undefined)
    pass(3000)
    // It may be a ledger that has fallen behind, rather than another wallet.
    await expect(send('two')).rejects.toThrow(
      'The same transaction was sent before',
    )
    expect(await send('two', { value: 6n })).toMatchObject({
      ...{ status: 'sent', nonce: 5 },
    })
  })

  test('a count that no transaction proves is not believed', async () => {
    await send('one')
    await node.mine()
    node.lies.eth_getTransactionCount = () => '0x38d7ea4c68000'
    const size = table.items.size
    const report = await run()
    expect(typesOf(report)).toContain('ledger.incomplete')
    expect((await head()).next).toBe(1n)
    expect(table.items.size).toBeLessThan(size + 3)
  })

  test('if any number is allowed, 64 an hour are believed', async () => {
    await send('one')
    await node.mine()
    const maxForeign = Number.POSITIVE_INFINITY
    const runAt = async (count: number) => {
      node.lies.eth_getTransactionCount = () => `0x${count.toString(16)}`
      await run({ maxForeign })
      return Number((await head()).next)
    }
    expect(await runAt(66)).toBe(1)
    expect(await runAt(65)).toBe(65)
    expect(await runAt(66)).toBe(65)
    pass(3_600_000)
    expect(await runAt(66)).toBe(66)
  })

  test('a nonce below the head without a row: nothing is accepted', async () => {
    await send('one')
    await send('two')
    await node.mine()
    table.items.delete(rowOf(1))
    const report = await run()
    expect(report.notices.map(({ text }) => text)).toMatchInlineSnapshot(`
      [
        "Nonce 1 is used on the chain, but the ledger had no row for it: no requests are accepted until all transactions below nonce 2 are final and recorded. To record them now, run keyward tx repair.",
      ]
    `)
    expect((await head()).halt).toEqual({ reason: 'missing', below: 2n })
    pass(3000)
    await expect(send('three')).rejects.toThrow(
      'is used on the chain but missing from the table',
    )
    for (let runs = 0; runs < 3; runs++) {
      pass(1000)
      await run()
    }
    expect((await head()).halt).toBe(undefined)
    // Nobody may delete a row; whose it was is for people to find out.
    expect(await ledger.getNonce(account, 1n)).toMatchObject({
      owner: 'external',
      foreign: { value: 5n },
    })
    expect(await send('two')).toMatchObject({ status: 'sent', nonce: 1 })
    expect(node.count()).toBe(2)
  })
})

describe('an attempt that the ledger lost', () => {
  test('is recognised by its bytes, and paid once', async () => {
    const sent = await send('one')
    await node.mine()
    const {
      raw: _,
      purpose: __,
      signedAt: ___,
      ...rest
    } = table.items.get(rowOf(0))!
    table.items.set(rowOf(0), rest)
    for (let runs = 0; runs < 4; runs++) {
      pass(1000)
      await run()
    }
    expect(await get('one')).toMatchObject({ status: 'mined', hash: sent.hash })
    expect(signs()).toBe(1)
    expect(node.count()).toBe(1)
  })

  test('is an outside transaction if it does something else', async () => {
    await acceptOnly('one')
    await parts.newSender().list()
    await ledger.createHead(account, 0n)
    await ledger.advanceHead(account, 1)
    await bind('one', 0n)
    await node.mine(await sign({ nonce: 0n, value: 6n }))
    for (let runs = 0; runs < 4; runs++) {
      pass(1000)
      await run()
    }
    // It goes on with another nonce.
    expect(await ledger.getNonce(account, 0n)).toMatchObject({
      owner: 'external',
    })
    expect(await get('one')).toMatchObject({ status: 'sent', nonce: 1 })
  })
})

describe('unfinished work', () => {
  beforeEach(async () => {
    await ledger.createHead(account, 0n)
  })

  test('a request without a nonce is sent', async () => {
    await acceptOnly('one')
    expect((await run()).counts.advanced).toBe(1)
    expect(await get('one')).toMatchObject({ status: 'sent', nonce: 0 })
  })

  test('an assigned but unbound nonce is bound', async () => {
    await acceptOnly('one')
    await ledger.advanceHead(account, 1)
    await ledger.reserve(account, 0n, idOf('one'))
    await run()
    expect(await get('one')).toMatchObject({ status: 'sent', nonce: 0 })
  })

  test('a nonce under another claim is returned', async () => {
    await acceptOnly('one')
    await ledger.advanceHead(account, 1)
    const claim = await bind('one', 0n)
    change(rowOf(0), { claim: { S: 'ee'.repeat(16) } })
    expect(claim).not.toBe('ee'.repeat(16))
    await run()
    const row = await ledger.getNonce(account, 0n)
    expect(await get('one')).toMatchObject({ status: 'sent', nonce: 0 })
    expect(row?.claim).not.toBe(claim)
    expect(signs()).toBe(1)
  })

  test('the nonce of a missing request goes to the next one', async () => {
    await ledger.advanceHead(account, 1)
    await ledger.reserve(account, 0n, 'ab'.repeat(20))
    await run()
    expect((await head()).free).toEqual([0n])
    expect(await send('one')).toMatchObject({ nonce: 0 })
  })

  test('a gap that others wait for is filled', async () => {
    const owner = 'ab'.repeat(20)
    await ledger.advanceHead(account, 1)
    const claim = await ledger.reserve(account, 0n, owner)
    expect(await send('one')).toMatchObject({ nonce: 1 })
    await ledger.free(account, 0n, { owner, claim })
    pass(1000)
    const report = await run()
    expect(typesOf(report)).toEqual(['account.gap_filled'])
    expect((await ledger.getNonce(account, 0n))?.owner).toBe('filler')
    await node.mine()
    await run()
    expect(await get('one')).toMatchObject({ status: 'mined' })
  })

  test('an unsigned filler is signed', async () => {
    await ledger.advanceHead(account, 1)
    await ledger.reserve(account, 0n, 'filler')
    pass(1000)
    expect((await run()).counts.filled).toBe(1)
  })

  test('a request above the caps gives up its nonce', async () => {
    await acceptOnly('one')
    await ledger.advanceHead(account, 1)
    await bind('one', 0n)
    const report = await run({ maxFeePerGas: 1n })
    expect(new Set(typesOf(report))).toEqual(new Set(['step.failed']))
    expect(await get('one')).toMatchObject({
      status: 'accepted',
      nonce: undefined,
    })
    expect((await head()).free).toEqual([0n])
    await run()
    expect(await get('one')).toMatchObject({ status: 'sent', nonce: 0 })
  })

  test.each<[string, object, string]>([
    ['expired', { validUntil: 5 }, 'expired'],
    ['would fail', {}, 'refused'],
  ])('ends and gives up its nonce: %s', async (name, more, status) => {
    await acceptOnly('one', more)
    await ledger.advanceHead(account, 1)
    await bind('one', 0n)
    if (name === 'would fail')
      node.lies.eth_estimateGas = () => {
        throw refuse('execution reverted')
      }
    await run()
    expect(await get('one')).toMatchObject({
      status,
      final: true,
      nonce: undefined,
    })
    expect((await head()).free).toEqual([0n])
    expect(signs()).toBe(0)
  })

  test('a request to be cancelled ends without a signature', async () => {
    await acceptOnly('one')
    await ledger.advanceHead(account, 1)
    await bind('one', 0n)
    await ledger.requestCancel(idOf('one'))
    expect((await run()).counts.dropped).toBe(1)
    expect(await get('one')).toMatchObject({ status: 'dropped', final: true })
    expect(signs()).toBe(0)
  })

  test('a contract creation that is not allowed is refused', async () => {
    await acceptOnly('one', { to: undefined, data: '0x60' })
    await run()
    expect(await get('one')).toMatchObject({
      status: 'refused',
      reason: { code: 'creation-not-allowed' },
    })
    expect(signs()).toBe(0)
  })
})

describe('a tampered row', () => {
  test('of a request: nothing is signed, and its nonce is returned', async () => {
    await ledger.createHead(account, 0n)
    await acceptOnly('one')
    await ledger.advanceHead(account, 1)
    await bind('one', 0n)
    change(`tx#${idOf('one')}\0tx`, { requestHash: { S: '00' } })
    const report = await run()
    expect(new Set(typesOf(report))).toEqual(new Set(['ledger.damaged']))
    expect(report.counts).toMatchObject({ failed: 0, advanced: 0 })
    expect((await head()).free).toEqual([0n])
    expect(await send('two')).toMatchObject({ nonce: 0 })
  })

  test('of a payload: found before it is signed', async () => {
    await ledger.createHead(account, 0n)
    await acceptOnly('one', { data: '0xabcd' })
    await ledger.advanceHead(account, 1)
    await bind('one', 0n)
    change(`tx#${idOf('one')}\0tx`, {
      payload: { S: '{"data":"0x","accessList":[]}' },
    })
    const report = await run()
    expect(report.counts.damaged).toBeGreaterThan(0)
    expect(signs()).toBe(0)
    expect((await head()).free).toEqual([0n])
  })

  test('of a nonce without bytes: it is assigned again', async () => {
    await ledger.createHead(account, 0n)
    await ledger.advanceHead(account, 1)
    await ledger.reserve(account, 0n, 'ab'.repeat(20))
    change(rowOf(0), { createdAt: { S: 'now' } })
    expect(typesOf(await run())).toEqual(['ledger.damaged'])
    expect((await head()).free).toEqual([0n])
  })

  test('of a nonce of another version: it is left alone', async () => {
    await ledger.createHead(account, 0n)
    await ledger.advanceHead(account, 1)
    await ledger.reserve(account, 0n, 'ab'.repeat(20))
    change(rowOf(0), { kind: { S: 'nonce.3' } })
    const before = structuredClone(table.items.get(rowOf(0)))
    const report = await run()
    expect(report.notices[0]?.text).toContain('has ledger version 3')
    expect(table.items.get(rowOf(0))).toEqual(before)
  })

  test('bytes of another key are skipped, with a filler on top', async () => {
    await send('one')
    const raw = { B: Buffer.from('00', 'hex').toString('base64') }
    change(rowOf(0), { raw })
    pass(60_000)
    const report = await run()
    expect(typesOf(report)).toEqual(['ledger.damaged', 'account.gap_filled'])
    const row = await ledger.getNonce(account, 0n)
    expect(row?.attempts.map(({ purpose, index }) => [purpose, index])).toEqual(
      [['filler', 1]],
    )
  })

  test('bytes that do not match the request do not count as paid', async () => {
    await send('one')
    const raw = await sign({ nonce: 0n, value: 9n })
    change(rowOf(0), {
      raw: { B: Buffer.from(raw.slice(2), 'hex').toString('base64') },
    })
    await node.send(raw)
    await node.mine()
    const report = await run()
    expect(report.notices[0]?.text).toContain('is not in the ledger')
    expect((await get('one')).status).not.toBe('mined')
  })

  test.each<[string, object]>([
    [
      'a hash that was not signed for it',
      { hash: { S: `0x${'ab'.repeat(32)}` } },
    ],
    ['another end', { status: { S: 'replaced' } }],
  ])('of an end: get does not report %s', async (_, fields) => {
    const { hash } = await send('one')
    await node.mine()
    await run()
    expect(await get('one')).toMatchObject({
      status: 'mined',
      final: true,
      checked: true,
    })
    change(`tx#${idOf('one')}\0tx`, fields)
    expect(await get('one')).toMatchObject({
      status: 'sent',
      final: false,
      checked: false,
      hash,
      problem: expect.stringMatching(/^The ledger says/),
    })
  })

  test.each<[string, object]>([
    ['block', { blockHash: { S: `0x${'ab'.repeat(32)}` } }],
    ['outcome', { receiptStatus: { S: 'reverted' } }],
  ])('of an end: get reports the %s that the chain has', async (_, fields) => {
    await send('one')
    await node.mine()
    await run()
    const before = await get('one')
    change(`tx#${idOf('one')}\0tx`, fields)
    expect(await get('one')).toMatchObject({
      ...before,
      receiptStatus: 'succeeded',
    })
  })

  test('an end that no chain shows is not reported', async () => {
    await send('one')
    change(`tx#${idOf('one')}\0tx`, {
      status: { S: 'mined' },
      final: { BOOL: true },
      blockNumber: { N: '1' },
      blockHash: { S: `0x${'ab'.repeat(32)}` },
      receiptStatus: { S: 'succeeded' },
    })
    expect(await get('one')).toMatchObject({ status: 'sent', checked: false })
    node.lies.eth_getTransactionReceipt = () => {
      throw refuse('down')
    }
    expect((await get('one')).problem).toContain('could not be checked')
  })

  test('an impossible row of a settled nonce is not believed', async () => {
    await send('one')
    await node.mine()
    await ledger.lease(account, 'enemy', parts.runtime.now() + 1000)
    await ledger.release(account, 'enemy', 10n ** 15n)
    const report = await run()
    expect(report.notices[0]?.text).toContain('so the row is ignored')
    expect(await get('one')).toMatchObject({ status: 'mined' })
  })

  test('a lease until the year 2286 blocks nobody', async () => {
    await send('one')
    await node.mine()
    await ledger.lease(account, 'enemy', 10_000_000_000_000)
    const report = await run()
    expect(report).toMatchObject({ skipped: false, counts: { mined: 1 } })
    expect(typesOf(report)).toEqual(['lease.broken'])
  })
})

describe('a nonce without a free attempt row', () => {
  const fill = async (fields: object) => {
    await send('one')
    const raw = await sign({ nonce: 0n, gasPrice: 8n, ...fields })
    const pk = table.items.get(rowOf(0))!.pk!
    const bytes = Buffer.from(raw.slice(2), 'hex').toString('base64')
    table.put({
      ...{ pk, sk: { S: `nonce#${'0'.repeat(20)}#9999` } },
      ...{ kind: { S: 'attempt.2' }, v: { N: '2' }, index: { N: '9999' } },
      ...{ nonce: { N: '0' }, raw: { B: bytes }, signedAt: { N: '1' } },
      purpose: { S: 'request' },
    })
    node.lies.eth_feeHistory = () => ({
      baseFeePerGas: ['0x2540be400', '0x2540be400'],
      reward: [['0x1', '0x2', '0x3']],
    })
    return raw
  }

  test('is not signed again, because nobody would see it', async () => {
    await fill({})
    const signed = signs()
    node.evict()
    pass(61_000)
    const report = await run()
    expect(report.notices.map(({ text }) => text)).toEqual([
      expect.stringContaining(
        'it already has attempt 9999, the last one possible',
      ),
    ])
    expect(report.counts).toMatchObject({ bumped: 0, resent: 1 })
    const reference = { idempotencyKey: 'one' }
    for (const ask of ['speedUp', 'cancel'] as const)
      await expect(parts.newSender()[ask](reference)).rejects.toThrow(
        'it already has attempt 9999',
      )
    expect(signs()).toBe(signed)
    await node.mine()
    await run()
    expect(await get('one')).toMatchObject({ status: 'mined', final: true })
  })

  test('is not reported as dropped if it paid', async () => {
    await fill({})
    node.evict()
    await node.mine(await sign({ nonce: 0n, gasPrice: 9n }))
    for (let runs = 0; runs < 3; runs++) {
      pass(700_000)
      const { counts } = await run()
      expect(counts.dropped).toBe(0)
    }
    expect(await get('one')).toMatchObject({ status: 'sent', final: false })
  })
})

describe('a signed but unmined transaction', () => {
  const lose = () => node.evict()

  test('is sent again if the node lost it', async () => {
    const { hash } = await send('one')
    lose()
    pass(31_000)
    expect((await run()).counts.resent).toBe(1)
    expect(node.isKnown(hash as Hex)).toBe(true)
  })

  test('is bumped if its fee is too low', async () => {
    await send('one')
    node.lies.eth_feeHistory = () => ({
      baseFeePerGas: ['0x2540be400', '0x2540be400'],
      reward: [['0x1', '0x2', '0x3']],
    })
    pass(61_000)
    expect((await run()).counts.bumped).toBe(1)
    const { attempts } = await get('one')
    expect(attempts).toHaveLength(2)
    expect(attempts[1]!.maxFeePerGas).toBeGreaterThan(attempts[0]!.maxFeePerGas)
    await node.mine()
    await run()
    expect(await get('one')).toMatchObject({
      status: 'mined',
      hash: attempts[1]!.hash,
    })
  })

  test('is reported as stuck if the caps allow no more', async () => {
    await send('one', { maxFeePerGas: 100n, maxPriorityFeePerGas: 1n })
    node.lies.eth_feeHistory = () => ({
      baseFeePerGas: ['0x2540be400', '0x2540be400'],
      reward: [['0x1', '0x2', '0x3']],
    })
    pass(61_000)
    expect(typesOf(await run())).toEqual(['transaction.stuck'])
    expect(signs()).toBe(1)
  })

  test('is cancelled if it has expired', async () => {
    await send('one', { validUntil: parts.runtime.now() + 10_000 })
    pass(61_000)
    expect((await run()).counts.cancelled).toBe(1)
    await node.mine()
    expect((await run()).counts.expired).toBe(1)
    expect(await get('one')).toMatchObject({
      status: 'expired',
      reason: { code: 'expired' },
    })
  })

  test('is replaced if no node will ever accept it', async () => {
    let never: unknown
    node.lies.eth_sendRawTransaction = ([raw]) => {
      never ??= raw
      if (raw === never) throw refuse('exceeds block gas limit')
      return node.send(raw as Hex)
    }
    expect(await send('one')).toMatchObject({ status: 'signed' })
    pass(61_000)
    const early = await run({ stuckAfterMs: 600_000 })
    expect(early.counts).toMatchObject({ cancelled: 0, resent: 0 })
    pass(61_000)
    expect((await run()).counts.cancelled).toBe(1)
    await node.mine()
    expect((await run()).counts.refused).toBe(1)
    expect(await get('one')).toMatchObject({
      status: 'refused',
      reason: { code: 'rpc-refused' },
    })
  })

  test('is dropped once the outside transaction is found', async () => {
    await send('one')
    lose()
    await node.mine(await sign({ nonce: 0n, value: 9n }))
    await run()
    pass(1000)
    const report = await run()
    expect(report.counts).toMatchObject({ dropped: 1, external: 1 })
    expect(await get('one')).toMatchObject({
      status: 'dropped',
      reason: { code: 'external-use' },
    })
  })

  test('stays open while no node shows what used its nonce', async () => {
    await send('one')
    lose()
    node.lies.eth_getTransactionCount = () => '0x1'
    await run()
    pass(1000)
    const report = await run()
    expect(report.notices[0]?.text).toContain("this node can't show")
    expect(await get('one')).toMatchObject({ status: 'sent', final: false })
    // And the count comes back.
    delete node.lies.eth_getTransactionCount
    await run()
    expect((await ledger.getNonce(account, 0n))?.suspectedAt).toBe(undefined)
  })
})

describe('a reorganised chain', () => {
  test('before a block is final: sent again and reported', async () => {
    const { hash } = await send('one')
    await node.mine()
    await run({ confirmations: 3 })
    expect(await get('one')).toMatchObject({ status: 'mined', final: false })
    node.rewind(1)
    pass(31_000)
    const report = await run({ confirmations: 3 })
    expect(report.counts.reorged).toBe(1)
    expect(await get('one')).toMatchObject({ status: 'sent', hash })
    expect(node.isKnown(hash as Hex)).toBe(true)
  })

  test('beyond the final depth: the same bytes again', async () => {
    const { hash } = await send('one')
    await send('two')
    await node.mine()
    await run()
    expect(await get('one')).toMatchObject({ final: true })
    // The orphan of a row that somebody wrote reads one transaction twice.
    change(rowOf(1), { owner: { S: idOf('one') } })
    node.rewind(1)
    await node.mineEmpty(5)
    const report = await run()
    expect(report.counts).toMatchObject({ reorged: 1, failed: 0 })
    expect(node.isKnown(hash as Hex)).toBe(true)
    expect(signs()).toBe(2)
  })

  test("also another wallet's transactions for which ours were given up", async () => {
    await send('one')
    node.evict()
    await node.mine(await sign({ nonce: 0n, value: 7n }))
    await run()
    pass(1000)
    expect((await run()).counts).toMatchObject({ external: 1, dropped: 1 })
    node.rewind(1)
    await node.mineEmpty(5)
    pass(31_000)
    expect((await run()).counts).toMatchObject({ reorged: 1, failed: 0 })
    await node.mine()
    expect(await get('one')).toMatchObject({ status: 'dropped', final: true })
    // Ours, and the other wallet's.
    expect(signs()).toBe(2)
    await run()
    expect(await send('two')).toMatchObject({ status: 'sent', nonce: 1 })
  })

  test('also a filler, whose block is not recorded', async () => {
    await ledger.createHead(account, 0n)
    await ledger.advanceHead(account, 1)
    await ledger.reserve(account, 0n, 'filler')
    pass(1000)
    expect((await run()).counts.filled).toBe(1)
    await node.mine()
    await run()
    node.rewind(1)
    // A block a second: the newest is younger than the filler.
    await node.mineEmpty(100)
    expect((await run()).counts).toMatchObject({ reorged: 1, resent: 1 })
    await node.mine()
    expect(await send('one')).toMatchObject({ status: 'sent', nonce: 1 })
    expect(signs()).toBe(2)
  })

  test('a chain that was reset is left alone', async () => {
    await send('one')
    await node.mine()
    await run()
    node.rewind(1)
    expect(typesOf(await run())).toEqual(['chain.behind'])
  })
})

test('an external one undone by a reorg is assigned again', async () => {
  await send('one')
  await node.mine()
  await ledger.advanceHead(account, 1)
  await ledger.createExternal(account, 1n, await sign({ nonce: 1n }))
  await run()
  expect(await ledger.getNonce(account, 1n)).toMatchObject({
    owner: undefined,
    foreign: undefined,
  })
  expect(await send('two')).toMatchObject({ nonce: 1 })
})

describe('a transaction that counts as ended but is not on the chain', () => {
  test('is sent again with the same bytes only', async () => {
    const { hash } = await send('one')
    change(`tx#${idOf('one')}\0tx`, {
      status: { S: 'dropped' },
      final: { BOOL: true },
    })
    node.evict()
    pass(31_000)
    const report = await run()
    expect(report.counts.resent).toBe(1)
    expect(node.isKnown(hash as Hex)).toBe(true)
    pass(1_000_000)
    await run()
    expect(signs()).toBe(1)
  })

  test('also if its request is missing or damaged', async () => {
    const { hash } = await send('one')
    node.evict()
    change(`tx#${idOf('one')}\0tx`, { requestHash: { S: '00' } })
    pass(31_000)
    expect((await run()).counts.resent).toBe(1)
    node.evict()
    table.items.delete(`tx#${idOf('one')}\0tx`)
    expect((await run()).counts.resent).toBe(1)
    expect(node.isKnown(hash as Hex)).toBe(true)
    expect(signs()).toBe(1)
  })
})

test('an unaffordable attempt blocked an affordable one', async () => {
  const first = await send('one')
  const faster = await parts.newSender().speedUp({ idempotencyKey: 'one' })
  node.evict()
  const sent: unknown[] = []
  node.lies.eth_sendRawTransaction = async ([raw]) => {
    const hash = await node.send(raw as Hex)
    sent.push(hash)
    if (hash !== faster.hash) return hash
    node.evict()
    throw refuse('insufficient funds for gas * price + value')
  }
  node.lies.eth_getBalance = () => '0x1'
  pass(31_000)
  const report = await run()
  expect(typesOf(report)).toEqual(['transaction.stuck'])
  expect(report.counts.resent).toBe(1)
  expect(sent).toEqual([faster.hash, first.hash])
})

test('a fee that a node finds too low is raised at once', async () => {
  await send('one')
  node.evict()
  let refused = 0
  node.lies.eth_sendRawTransaction = ([raw]) => {
    if (refused++ === 0) throw refuse('transaction underpriced')
    return node.send(raw as Hex)
  }
  pass(31_000)
  expect((await run()).counts.bumped).toBe(1)
  expect(signs()).toBe(2)
})

test('a cancel at the cap that no node has is signed again for its tip', async () => {
  const gwei = 10n ** 9n
  node.lies.eth_feeHistory = () => ({
    oldestBlock: '0x0',
    baseFeePerGas: ['0x4a817c800', '0x4a817c800'],
    gasUsedRatio: [0.5],
    reward: [['0x3b9aca00', '0x3b9aca00', '0x3b9aca00']],
  })
  await send('one', { validUntil: parts.runtime.now() + 10_000 })
  const [first] = (await get('one')).attempts
  // Less than an eighth above: nothing that stands in a pool could be replaced.
  const options = { maxFeePerGas: first!.maxFeePerGas + gwei }
  node.evict()
  node.lies.eth_sendRawTransaction = async ([raw]) => {
    const { transaction } = await Transaction.decode(raw as Hex)
    const { maxPriorityFeePerGas: tip } = transaction as {
      maxPriorityFeePerGas: bigint
    }
    if (tip < 25n * gwei)
      throw refuse(
        `transaction gas price below minimum: gas tip cap ${tip}, minimum needed 25000000000`,
      )
    return node.send(raw as Hex)
  }
  pass(61_000)
  expect((await run(options)).counts.cancelled).toBe(0)
  expect(signs()).toBe(2)
  pass(61_000)
  expect((await run(options)).counts.bumped).toBe(1)
  expect(signs()).toBe(3)
  await node.mine()
  await run(options)
  expect(await get('one')).toMatchObject({ status: 'expired' })
})

test('a lost transaction at the cap is sent again in every run', async () => {
  await send('one')
  const [first] = (await get('one')).attempts
  // Less than an eighth above: it is never signed again.
  const options = { maxFeePerGas: first!.maxFeePerGas + 1n }
  await node.mineEmpty(5)
  node.evict()
  pass(10 * 60_000)
  // It was written down as too dear, and is lost once more.
  await run(options)
  node.evict()
  const resent: number[] = []
  for (let looks = 0; looks < 12; looks++) {
    pass(10_000)
    resent.push((await run(options)).counts.resent)
  }
  expect(resent.reduce((sum, one) => sum + one)).toBe(1)
  expect(signs()).toBe(1)
  await node.mine()
  await run(options)
  expect(await get('one')).toMatchObject({ status: 'mined' })
})

test('a cancel that a node will never accept is reported', async () => {
  await send('one', { validUntil: parts.runtime.now() + 10_000 })
  node.evict()
  node.lies.eth_sendRawTransaction = () => {
    throw refuse('sender is banned')
  }
  pass(61_000)
  await run()
  expect(signs()).toBe(2)
  pass(6 * 60_000)
  const types = [...typesOf(await run())]
  pass(61_000)
  types.push(...typesOf(await run()))
  expect(types).toContain('transaction.stuck')
})

test('a count without a matching receipt is reported after an hour', async () => {
  await send('one')
  node.evict()
  node.lies.eth_getTransactionCount = ([, block]) =>
    block === 'latest' ? '0x1' : '0x0'
  pass(30 * 60_000)
  expect(typesOf(await run())).not.toContain('transaction.stuck')
  pass(31 * 60_000)
  expect(typesOf(await run())).toContain('transaction.stuck')
  expect(signs()).toBe(1)
})

describe('a chain without base fee', () => {
  beforeEach(() => {
    delete node.truth.eth_feeHistory
    const getBlock = node.truth.eth_getBlockByNumber!
    node.lies.eth_getBlockByNumber = (params) => ({
      ...(getBlock(params) as object),
      baseFeePerGas: undefined,
    })
  })

  test('pays a gas price, and is bumped when that rises', async () => {
    await send('one')
    expect((await get('one')).attempts[0]).toMatchObject({
      maxFeePerGas: (await get('one')).attempts[0]!.maxPriorityFeePerGas,
    })
    pass(61_000)
    expect((await run()).counts.bumped).toBe(0)
    node.lies.eth_gasPrice = () => '0x174876e800'
    expect((await run()).counts.bumped).toBe(1)
    await node.mine()
    await run()
    expect(await get('one')).toMatchObject({ status: 'mined' })
  })
})

describe("the ledger is not this account's", () => {
  test('rows without a head: nothing is done', async () => {
    await ledger.reserve(account, 0n, idOf('one'))
    const report = await run()
    expect(report.notices.map(({ type, text }) => [type, text])).toEqual([
      [
        'ledger.incomplete',
        `The table "ledger" has rows for ${account.address} but no head (the item that records the next nonce), so nothing was done. keyward tx repair writes a new head.`,
      ],
    ])
  })

  test('a head that cannot be read: nothing is done', async () => {
    await send('one')
    const head = `head#${account.chainId}#${account.address}\0head`
    change(head, { nextNonce: { S: '1' } })
    const report = await run()
    expect(typesOf(report)).toEqual(['ledger.damaged'])
    expect(report.notices[0]?.text).toContain('Nothing was done.')
    await expect(send('two')).rejects.toThrow(
      'its field "nextNonce" has the wrong type',
    )
  })

  test('an account that has sent nothing: nothing to do', async () => {
    const report = await run()
    expect(report).toMatchObject({
      finalBelow: undefined,
      next: undefined,
      notices: [],
    })
  })
})

test('a skipping reconciler reports for how long, and so does its successor', async () => {
  await ledger.lease(account, 'other', parts.runtime.now() + 290_000)
  expect(await run()).toMatchObject({ skipped: true, skippedForMs: 0 })
  pass(60_000)
  expect(await run()).toMatchObject({ skipped: true, skippedForMs: 60_000 })
  pass(300_000)
  const report = await run()
  expect(report.skipped).toBe(false)
  expect(report.notices.map(({ text }) => text)).toEqual([
    'Since 2026-01-01T00:00:00.000Z, every run has done nothing because another reconciler was running. This run continues.',
  ])
})

test('a flood of notices is counted, not reported', async () => {
  await ledger.createHead(account, 0n)
  await ledger.advanceHead(account, 120)
  for (let nonce = 0; nonce < 120; nonce++) {
    await ledger.createFree(account, BigInt(nonce))
    change(rowOf(nonce), { createdAt: { S: 'now' } })
  }
  const report = await run()
  expect(report.notices).toHaveLength(100)
  expect(report.withheld).toBe(20)
  expect(report.counts.damaged).toBe(120)
})
