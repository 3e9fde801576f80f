import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  createTestNode,
  openSenderParts,
  type SenderParts,
  type TestNode,
  toRpcFields,
} from '../../../../../test/support/senderParts.js'
import type { Item } from '../../ledger/Item.js'
import type { Ledger } from '../../ledger/Ledger.js'

const to = `0x${'77'.repeat(20)}`

let parts: SenderParts
let { account, ledger, node, pass, request, runtime, sign, signs, table } =
  {} as SenderParts
beforeEach(async () => {
  parts = await openSenderParts()
  ;({ account, ledger, node, pass, request, runtime, sign, signs, table } =
    parts)
})

const open = (own = ledger) => parts.newReconciler({ ledger: own })
const openSender = (own = ledger) => parts.newSender({ ledger: own })
const snapshot = () => structuredClone([...table.items])

test('of a complete ledger finds nothing', async () => {
  await openSender().send(request('one'))
  await node.mine()
  const before = await ledger.getHead(account)
  expect(await open().repair()).toEqual({
    found: [],
    unproven: [],
    lost: [],
    lowered: undefined,
    refused: [],
    complete: true,
    dryRun: false,
  })
  const after = await ledger.getHead(account)
  expect(after).toEqual({ ...before, ledgerId: after?.ledgerId })
  expect(after?.ledgerId).not.toBe(before?.ledgerId)
})

describe('of a restored table', () => {
  let restored: Ledger
  beforeEach(async () => {
    await openSender().send(request('kept'))
    await node.mine()
    // Sent after the backup: in a block, and in the pool.
    await node.mine(await sign({ nonce: 1n }))
    await node.send(await sign({ nonce: 2n, value: 7n }))
    restored = table.newLedger('restored')
  })

  test('a dry run reports what it lacks, and writes nothing', async () => {
    const before = snapshot()
    const repair = await open(restored).repair({ dryRun: true })
    expect(repair).toMatchObject({
      complete: false,
      dryRun: true,
      unproven: [],
    })
    expect(
      repair.found.map(({ nonce, value, isMined }) => ({
        nonce,
        value,
        isMined,
      })),
    ).toEqual([
      { nonce: 1n, value: 5n, isMined: true },
      { nonce: 2n, value: 7n, isMined: false },
    ])
    expect(snapshot()).toEqual(before)
  })

  test('a silent endpoint may have what no other has', async () => {
    const before = snapshot()
    let isSilent = true
    const rpc: Rpc = {
      ...node.rpc,
      askEach: async (_, method, params) => [
        await node.rpc.request(method, params),
        ...(isSilent ? [undefined] : []),
      ],
    }
    const repair = () => parts.newReconciler({ ledger: restored, rpc }).repair()
    await expect(repair()).rejects.toThrow('1 of 2 endpoints did not return')
    expect(snapshot()).toEqual(before)
    isSilent = false
    expect(await repair()).toMatchObject({ complete: true })
  })

  test('accepts and does nothing before', async () => {
    await expect(openSender(restored).send(request('new'))).rejects.toThrow(
      'is a restored copy',
    )
    const report = await open(restored).run()
    expect(report.notices.map(({ type }) => type)).toEqual([
      'ledger.incomplete',
    ])
  })

  test('records them as external rows with their bytes', async () => {
    const before = signs()
    const repair = await open(restored).repair()
    expect(repair.complete).toBe(true)
    const rows = await restored.listNonces(account, 1n, 2n)
    expect(rows.map(({ owner, foreign }) => [owner, foreign?.hash])).toEqual(
      repair.found.map(({ hash }) => ['external', hash]),
    )
    expect(await restored.getHead(account)).toMatchObject({
      next: 3n,
      table: 'restored',
      hasAdopted: true,
      halt: undefined,
    })
    expect(signs()).toBe(before)
    // Once more: there is nothing left to do.
    expect(await open(restored).repair()).toMatchObject({
      found: [],
      complete: true,
    })
    expect(await restored.getHead(account)).toMatchObject({ hasAdopted: true })
  })

  test('the same request is refused until someone identifies it', async () => {
    const { found } = await open(restored).repair()
    const [mined] = found
    const sender = openSender(restored)
    await expect(sender.send(request('lost'))).rejects.toThrow(
      `The same transaction was sent before: 0.000000000000000005 ether to ${to} with nonce 1 (transaction hash ${mined?.hash})`,
    )
    // What does something else goes its way.
    const other = await sender.send(request('other', { value: 6n }))
    expect(other).toMatchObject({ status: 'sent', nonce: 3 })
    const adopt = {
      hash: mined!.hash,
      caller: '*library',
      idempotencyKey: 'lost',
    }
    expect(await open(restored).adopt(adopt)).toMatchObject({
      status: 'mined',
      hash: mined?.hash,
      nonce: 1,
    })
    expect(await sender.send(request('lost'))).toMatchObject({
      status: 'mined',
      hash: mined?.hash,
    })
    expect(await sender.get({ idempotencyKey: 'lost' })).toMatchObject({
      status: 'mined',
      final: true,
      checked: true,
    })
    // Another request that does the same is meant.
    expect(await sender.send(request('again'))).toMatchObject({ nonce: 4 })
    for (const [wrong, reason] of [
      [
        { ...adopt, idempotencyKey: 'third' },
        'was adopted for another request',
      ],
      [{ ...adopt, idempotencyKey: 'again' }, 'belongs to another transaction'],
      [{ ...adopt, hash: found[1]!.hash }, 'is not in a block yet'],
      [
        { ...adopt, hash: other.hash! },
        'only a transaction that keyward tx repair recorded can be adopted',
      ],
      [
        { ...adopt, hash: `0x${'00'.repeat(32)}` as const },
        'has no transaction',
      ],
    ] as const)
      await expect(open(restored).adopt(wrong)).rejects.toThrow(reason)
    // And once more the same is the same.
    expect(await open(restored).adopt(adopt)).toMatchObject({ status: 'mined' })
  })

  test('not_a_repeat is sent', async () => {
    await open(restored).repair()
    expect(
      await openSender(restored).send(request('meant', { notARepeat: true })),
    ).toMatchObject({ status: 'sent', nonce: 3 })
  })

  test('a key of another transaction adopts nothing', async () => {
    const { found } = await open(restored).repair()
    await expect(
      open(restored).adopt({
        hash: found[0]!.hash,
        caller: '*library',
        idempotencyKey: 'kept',
      }),
    ).rejects.toThrow('belongs to another transaction')
  })

  test('is incomplete if no node shows a transaction', async () => {
    const getBlock = node.truth.eth_getBlockByNumber!
    node.lies.eth_getBlockByNumber = (params) => ({
      ...(getBlock(params) as object),
      transactions: [],
    })
    const repair = await open(restored).repair()
    expect(repair).toMatchObject({ unproven: [1n], complete: false })
    expect((await ledger.getHead(account))?.table).toBe('ledger')
    // What is found is written down all the same.
    expect((await ledger.getNonce(account, 2n))?.owner).toBe('external')
    delete node.lies.eth_getBlockByNumber
    expect(await open(restored).repair()).toMatchObject({
      found: [{ nonce: 1n }],
      complete: true,
    })
  })

  test('is never complete without time', async () => {
    const repair = await open(restored).repair({
      deadline: runtime.now() + 400,
    })
    expect(repair).toMatchObject({ found: [], complete: false })
  })
})

describe('of a table that lacks a transaction no node shows any more', () => {
  let restored: Ledger
  beforeEach(async () => {
    await openSender().send(request('kept'))
    await node.mine()
    // Nonce 1 was signed for since the backup, and no pool has it; 2 waits for it.
    await node.send(await sign({ nonce: 2n, value: 7n }))
    restored = table.newLedger('restored')
    expect(await open(restored).repair()).toMatchObject({
      found: [{ nonce: 2n }],
      lost: [1n],
      complete: true,
    })
  })

  /** The gap is filled, what is sent is mined, and all of it is final. */
  const goOn = async (bytes?: Hex) => {
    pass(600_000)
    expect((await open(restored).run()).counts.filled).toBe(1)
    await expect(openSender(restored).send(request('early'))).rejects.toThrow(
      'could reappear, and a request would then be paid twice',
    )
    if (bytes !== undefined) await node.send(bytes)
    await node.mine()
    await node.mineEmpty(20)
    for (let run = 0; run < 3; run++) {
      pass(600_000)
      await open(restored).run()
    }
  }

  test('accepts nothing before the gap is permanently filled', async () => {
    await expect(openSender(restored).send(request('new'))).rejects.toThrow(
      'a transaction with a nonce below 2 is lost',
    )
    expect((await restored.getHead(account))?.halt).toEqual({
      reason: 'lost',
      below: 2n,
      lostBelow: 2n,
    })
    await goOn()
    expect((await restored.getHead(account))?.halt).toBe(undefined)
    expect(await openSender(restored).send(request('new'))).toMatchObject({
      status: 'sent',
      nonce: 3,
    })
  })

  test('recognises what comes back in its place by its effect', async () => {
    const lost = await sign({ nonce: 1n })
    await goOn(lost)
    await expect(openSender(restored).send(request('lost'))).rejects.toThrow(
      'The same transaction was sent before',
    )
    expect(
      await openSender(restored).send(request('other', { value: 6n })),
    ).toMatchObject({ status: 'sent', nonce: 3 })
  })
})

test('also recognises by its effect what comes after a repair', async () => {
  await openSender().send(request('kept'))
  await node.mine()
  const restored = table.newLedger('restored')
  expect(await open(restored).repair()).toMatchObject({ found: [], lost: [] })
  // Bytes that the backup lacked, and that no node had while it was repaired.
  await node.mine(await sign({ nonce: 1n }))
  await open(restored).run()
  await expect(openSender(restored).send(request('lost'))).rejects.toThrow(
    'The same transaction was sent before',
  )
})

test('of a table without a head writes one', async () => {
  await openSender().send(request('one'))
  await node.mine()
  const sk = 'head'
  for (const [id, item] of table.items)
    if ((item.sk as { S: string }).S === sk) table.items.delete(id)
  await expect(openSender().send(request('two'))).rejects.toThrow('but no head')
  expect(await open().repair()).toMatchObject({ found: [], complete: true })
  expect(await ledger.getHead(account)).toMatchObject({ next: 1n, first: 0n })
  expect(await openSender().send(request('two'))).toMatchObject({ nonce: 1 })
})

test('a sender that reads the new head at any time knows what was found', async () => {
  await openSender().send(request('one'))
  await node.mine(await sign({ nonce: 1n, value: 7n }))
  const isHead = ({ sk }: Item) => (sk as { S: string }).S === 'head'
  for (const [id, item] of table.items) if (isHead(item)) table.items.delete(id)
  const heads: Item[] = []
  const keep = async <value>(done: Promise<value>): Promise<value> => {
    const value = await done
    heads.push(...[...table.items.values()].filter(isHead))
    return value
  }
  const watched = table.newLedger('ledger', (store) => ({
    create: (...given) => keep(store.create(...given)),
    update: (...given) => keep(store.update(...given)),
  }))
  expect(await open(watched).repair()).toMatchObject({
    found: [{ nonce: 1n }],
    complete: true,
  })
  expect(heads.length).toBeGreaterThan(0)
  for (const head of heads) expect(head.adopted).toEqual({ BOOL: true })
})

test('of a halted one lets it continue', async () => {
  await openSender().send(request('one'))
  await node.mine()
  await node.mine(await sign({ nonce: 1n }))
  await ledger.haltHead(account, { reason: 'missing', below: 2n })
  expect(await open().repair()).toMatchObject({ complete: true })
  expect((await ledger.getHead(account))?.halt).toBe(undefined)
})

test('transactions behind a gap are found if nodes show whole pools', async () => {
  await openSender().send(request('kept'))
  await node.mine()
  const raw = await sign({ nonce: 2n, value: 7n })
  const fields = await toRpcFields(raw)
  await node.send(raw)
  node.lies.txpool_contentFrom = () => null
  node.truth.txpool_content = () => ({
    pending: { [`0x${'AB'.repeat(20)}`]: { 5: fields } },
    queued: { [`0x${account.address.slice(2).toUpperCase()}`]: { 2: fields } },
  })
  const restored = table.newLedger('restored')
  expect(await open(restored).repair()).toMatchObject({
    ...{ found: [{ nonce: 2n }], lost: [1n], complete: true },
  })
})

describe('with a lagging node', () => {
  let behind: TestNode
  beforeEach(() => {
    behind = createTestNode()
  })
  const repair = () =>
    parts.newReconciler({ rpc: behind.rpc, confirmations: 1 }).repair()

  test('completes and refuses nothing', async () => {
    await openSender().send(request('one'))
    await node.mine()
    await open().run()
    await node.mine(await sign({ nonce: 1n }))
    await ledger.haltHead(account, { reason: 'missing', below: 2n })
    const before = snapshot()
    await expect(repair()).rejects.toThrow(
      'the node is at block 0 and has 0 transactions',
    )
    expect(snapshot()).toEqual(before)
    expect(await open().repair()).toMatchObject({ found: [{ nonce: 1n }] })
  })

  test.each([
    ['it began far above the node', 0],
    ['far above the node is nothing of its own', 1],
  ])('though %s', async (_, own) => {
    if (own > 0) {
      await openSender().send(request('first'))
      const row = await ledger.getNonce(account, 0n)
      await behind.mine(row!.attempts[0]!.raw)
    }
    await node.mine()
    for (let nonce = own; nonce < 120; nonce++)
      await node.mine(await sign({ nonce: BigInt(nonce) }))
    const options = { newLedger: 120n, maxForeign: Infinity }
    if (own > 0) await parts.newReconciler(options).run()
    expect(
      await parts.newSender(options).send(request('one', { value: 1n })),
    ).toMatchObject({ nonce: 120 })
    await node.mine()
    for (let runs = 0; runs < 3; runs++) {
      pass(60_000)
      await parts.newReconciler(options).run()
    }
    const before = snapshot()
    await expect(repair()).rejects.toThrow(`the node is at block ${own}`)
    expect(snapshot()).toEqual(before)
  })
})

describe('of a false head', () => {
  const far = 1_000_000_000_000_000n

  beforeEach(async () => {
    await ledger.createHead(account, 0n)
    const head = await ledger.getHead(account)
    await ledger.raiseHead(account, head!, far, true)
  })

  /** As if it had been sent while the head was false. */
  const sendFar = async (idempotencyKey: string) => {
    node.lies.eth_getTransactionCount = () => `0x${far.toString(16)}`
    const answer = await openSender().send(request(idempotencyKey))
    delete node.lies.eth_getTransactionCount
    return answer
  }

  test('lowers it, refuses requests with such nonces, and keeps the bytes', async () => {
    const sent = await sendFar('far')
    expect(sent.nonce).toBe(Number(far))
    const repair = await open().repair()
    expect(repair).toMatchObject({
      lowered: { from: far + 1n, to: 0n },
      refused: [sent.transactionId],
      complete: true,
    })
    expect((await ledger.getHead(account))?.next).toBe(0n)
    const row = await ledger.getNonce(account, far)
    expect(row).toMatchObject({ owner: sent.transactionId })
    expect(row?.attempts).toHaveLength(1)
    expect(await openSender().get({ idempotencyKey: 'far' })).toMatchObject({
      status: 'refused',
      final: true,
      reason: { code: 'unreachable-nonce' },
    })
    expect(await openSender().send(request('near'))).toMatchObject({ nonce: 0 })
  })

  test('a dry run reports it, and writes nothing', async () => {
    const sent = await sendFar('far')
    const before = snapshot()
    expect(await open().repair({ dryRun: true })).toMatchObject({
      lowered: { from: far + 1n, to: 0n },
      refused: [sent.transactionId],
      complete: false,
    })
    expect(snapshot()).toEqual(before)
  })

  test('a nonce there without bytes is never assigned', async () => {
    await ledger.reserve(account, far, 'ab'.repeat(20))
    await open().repair()
    expect((await ledger.getNonce(account, far))?.owner).toBe('filler')
  })

  /** Years later. */
  const comeNear = async () => {
    const next = far - 900n
    await ledger.raiseHead(
      account,
      (await ledger.getHead(account))!,
      next,
      true,
    )
    node.lies.eth_getTransactionCount = () => `0x${next.toString(16)}`
    await ledger.lease(account, 'before', runtime.now() + 50_000)
    await ledger.release(account, 'before', next)
    pass(60_000)
    return open().run()
  }

  test('a cancel replaces such bytes before the chain reaches them', async () => {
    await sendFar('far')
    await open().repair()
    const report = await comeNear()
    expect(report.counts).toMatchObject({ cancelled: 1, failed: 0 })
    const row = await ledger.getNonce(account, far)
    expect(row?.attempts.map(({ purpose }) => purpose)).toEqual([
      'request',
      'cancel',
    ])
    // Once is enough.
    pass(60_000)
    expect((await open().run()).counts.cancelled).toBe(0)
  })

  test('however many unsigned ones come before them', async () => {
    for (let nonce = far - 250n; nonce < far; nonce++)
      await ledger.reserve(account, nonce, 'filler')
    await sendFar('far')
    await sendFar('farther')
    await open().repair()
    const report = await comeNear()
    expect(report.counts).toMatchObject({ cancelled: 2, failed: 0 })
    const rows = await ledger.listNonces(account, far, far + 1n)
    expect(rows.map(({ attempts }) => attempts.at(-1)?.purpose)).toEqual([
      'cancel',
      'cancel',
    ])
  })
})
