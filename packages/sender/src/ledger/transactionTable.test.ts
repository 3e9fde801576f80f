import { beforeEach, describe, expect, test } from 'vitest'
import {
  createTestKey,
  createTestRuntime,
  createTestTable,
  mined,
} from '../../../../test/support/senderParts.js'
import * as SendRequest from '../request/SendRequest.js'
import type { Ledger } from './Ledger.js'
import type { Account, TransactionRecord } from './TransactionRecord.js'

// What a write of a transaction's row changes, and what keeps it from being
// done.

const { getAccount } = createTestKey()
const start = Date.UTC(2026, 0, 1)
const claim = 'cd'.repeat(16)

let account: Account
let table: ReturnType<typeof createTestTable>
let ledger: Ledger
let pass: (ms: number) => void
beforeEach(async () => {
  account = await getAccount()
  const clock = createTestRuntime(start)
  pass = clock.pass
  table = createTestTable(clock.runtime)
  ledger = table.newLedger()
})

const recordOf = (key: string, createdAt = 1) => {
  const request: SendRequest.SendRequest = {
    to: `0x${'77'.repeat(20)}`,
    value: 1n,
    data: '0x',
    accessList: [],
    speed: 'normal',
    idempotencyKey: key,
  }
  return {
    id: SendRequest.transactionId('shop', key),
    caller: 'shop',
    account,
    request,
    requestHash: SendRequest.hash(request, account),
    createdAt,
  }
}
const accept = async (key = 'key', createdAt = 1) =>
  (await ledger.accept(recordOf(key, createdAt))).transaction
const rowOf = (id: string) => table.items.get(`tx#${id}\0tx`)!
const put = (id: string, fields: object) =>
  table.put({ ...rowOf(id), ...fields })
/** What differs from the row as it was accepted. */
const changesOf = (
  before: TransactionRecord,
  after: TransactionRecord | undefined,
) =>
  Object.fromEntries(
    Object.entries(after ?? {}).filter(
      ([name, value]) =>
        JSON.stringify([value], spell) !==
        JSON.stringify([before[name as keyof TransactionRecord]], spell),
    ),
  )
const spell = (_: string, value: unknown) =>
  typeof value === 'bigint' ? `${value}n` : value

type Operation = (
  seen: TransactionRecord,
) => Promise<TransactionRecord | undefined>
const operations: Record<string, Operation> = {
  bind: ({ id }) => ledger.bind(id, 0n, claim),
  unbind: (seen) => ledger.unbind(seen),
  advanceStatus: ({ id }) => ledger.advanceStatus(id, 'sent', '0xab'),
  noteProblem: ({ id }) => ledger.noteProblem(id, 'late'),
  requestCancel: ({ id }) => ledger.requestCancel(id),
  markMined: ({ id }) => ledger.markMined(id, { status: 'mined', mined }),
  markUnmined: ({ id }) => ledger.markUnmined(id, '0xab'),
  finish: ({ id }) => ledger.finish(id, { status: 'expired', notify: false }),
  markDelivered: (seen) => ledger.markDelivered(seen),
}

test('only accept writes a missing row', async () => {
  const seen = await accept()
  table.items.clear()
  for (const [name, operation] of Object.entries(operations))
    expect(await operation(seen), name).toBe(undefined)
  expect(table.items.size).toBe(0)
})

test('only delivery changes a final transaction', async () => {
  const { id } = await accept()
  put(id, { blockHash: { S: '0xbb' } })
  await ledger.finish(id, { status: 'mined', mined, notify: false })
  const seen = (await ledger.getTransaction(id))!
  for (const [name, operation] of Object.entries(operations))
    expect(await operation(seen), name).toBe(undefined)
  expect(await ledger.getTransaction(id)).toEqual(seen)
})

test('each change is counted and dated', async () => {
  const seen = await accept()
  expect(seen).toMatchObject({ revision: 0, updatedAt: 1 })
  const first = await ledger.noteProblem(seen.id, 'late')
  expect(first).toMatchObject({ revision: 1, updatedAt: start })
  pass(5)
  const second = await ledger.requestCancel(seen.id)
  expect(second).toMatchObject({
    ...{ revision: 2, updatedAt: start + 5, cancelRequested: true },
    problem: 'late',
  })
})

test('a request is accepted once', async () => {
  const record = recordOf('key')
  const first = await ledger.accept(record)
  expect(first).toMatchObject({ created: true, transaction: record })
  const again = await ledger.accept({ ...record, createdAt: 99 })
  expect(again).toEqual({ created: false, transaction: first.transaction })
  const forgetful = table.newLedger('ledger', () => ({
    create: async () => false,
    get: async () => undefined,
  }))
  await expect(forgetful.accept(record)).rejects.toThrow(
    `has an item for transaction ${record.id}, but reading it returns nothing.`,
  )
})

describe('bind', () => {
  test('assigns the nonce with its claim', async () => {
    const seen = await accept()
    const bound = await ledger.bind(seen.id, 3n, claim)
    expect(changesOf(seen, bound)).toEqual({
      ...{ nonce: 3n, claim, status: 'reserved' },
      ...{ revision: 1, updatedAt: start },
    })
  })

  test('does not bind a transaction to be cancelled', async () => {
    const { id } = await accept()
    await ledger.requestCancel(id)
    expect(await ledger.bind(id, 3n, claim)).toBe(undefined)
  })

  test('binds again without a claim, as in earlier rows', async () => {
    const { id } = await accept()
    expect(await ledger.bind(id, 3n, undefined)).toMatchObject({ nonce: 3n })
    expect(await ledger.bind(id, 3n, undefined)).toMatchObject({ nonce: 3n })
    expect(await ledger.bind(id, 3n, claim)).toBe(undefined)
  })
})

test('unbind removes the nonce if nothing has changed', async () => {
  const accepted = await accept()
  const bound = (await ledger.bind(accepted.id, 3n, claim))!
  await ledger.noteProblem(bound.id, 'late')
  expect(await ledger.unbind(bound)).toBe(undefined)
  expect(await ledger.unbind(accepted)).toBe(undefined)
  const seen = (await ledger.getTransaction(bound.id))!
  const unbound = await ledger.unbind(seen)
  expect(changesOf(accepted, unbound)).toEqual({
    ...{ problem: 'late', revision: 3, updatedAt: start },
  })
  const other = await accept('other')
  expect(await ledger.unbind(other)).toMatchObject({ revision: 1 })
})

test('a status never goes back', async () => {
  const { id } = await accept()
  const advance = async (status: 'signed' | 'sent') =>
    (await ledger.advanceStatus(id, status, `0x${status.length}`))?.hash
  expect(await advance('signed')).toBe('0x6')
  expect(await advance('signed')).toBe('0x6')
  expect(await advance('sent')).toBe('0x4')
  expect(await advance('sent')).toBe('0x4')
  expect(await advance('signed')).toBe(undefined)
  const { id: other } = await accept('other')
  await ledger.bind(other, 0n, claim)
  await ledger.noteProblem(other, 'late', { refusals: 3 })
  expect(await ledger.advanceStatus(other, 'sent', '0xab')).toMatchObject({
    ...{ status: 'sent', hash: '0xab', problem: undefined, refusals: 0 },
  })
  await ledger.markMined(other, { status: 'mined', mined })
  expect(await ledger.advanceStatus(other, 'sent', '0xab')).toBe(undefined)
})

test('refusals are counted until a different problem occurs', async () => {
  const { id } = await accept()
  const note = async (refusals?: number) => {
    const noted = await ledger.noteProblem(id, 'low funds', { refusals })
    return [noted?.problem, noted?.refusals]
  }
  expect(await note(2)).toEqual(['low funds', 2])
  expect(await note()).toEqual(['low funds', 0])
  expect(rowOf(id)).not.toHaveProperty('refusals')
})

describe('in a block', () => {
  const reason = { code: 'external-use', text: 'Somebody else.' }

  test('and out of it again', async () => {
    const accepted = await accept()
    const { id } = accepted
    await ledger.noteProblem(id, 'late')
    expect(await ledger.markUnmined(id, '0xab')).toBe(undefined)
    const end = { status: 'replaced', reason, mined } as const
    const replaced = await ledger.markMined(id, end)
    expect(changesOf(accepted, replaced)).toEqual({
      ...{ ...mined, status: 'replaced', reason },
      ...{ revision: 2, updatedAt: start },
    })
    expect(replaced?.problem).toBe(undefined)
    const { receiptStatus: _, ...unknown } = mined
    const again = await ledger.markMined(id, {
      status: 'mined',
      mined: { ...unknown, receiptStatus: undefined },
    })
    expect(changesOf(accepted, again)).toEqual({
      ...{ ...unknown, status: 'mined', revision: 3, updatedAt: start },
    })
    expect(again).toMatchObject({ reason: undefined, receiptStatus: undefined })
    expect(rowOf(id)).not.toHaveProperty('reasonText')
    await ledger.markMined(id, end)
    const unmined = await ledger.markUnmined(id, '0xab')
    expect(changesOf(accepted, unmined)).toEqual({
      ...{ status: 'sent', hash: '0xab', revision: 5, updatedAt: start },
    })
    expect(Object.keys(rowOf(id)).sort()).toEqual(
      [...Object.keys(rowOf((await accept('other')).id))]
        .concat('hash', 'revision')
        .sort(),
    )
  })

  test('it ends, and the webhook is notified', async () => {
    const accepted = await accept()
    const { id } = accepted
    await ledger.noteProblem(id, 'late')
    const end = { status: 'mined', reason, mined, notify: true } as const
    const finished = (await ledger.finish(id, end))!
    expect(changesOf(accepted, finished)).toEqual({
      ...{ ...mined, status: 'mined', reason, final: true, undelivered: true },
      ...{ revision: 2, updatedAt: start },
    })
    const open = async () =>
      (await ledger.listOpen(account, { limit: 9 })).transactions.length
    expect(await open()).toBe(1)
    put(id, { revision: { N: '3' } })
    expect(await ledger.markDelivered(finished)).toBe(undefined)
    expect(await open()).toBe(1)
    const delivered = await ledger.markDelivered({ ...finished, revision: 3 })
    expect(delivered).toMatchObject({ undelivered: false, revision: 4 })
    expect(await open()).toBe(0)
    expect(await ledger.markDelivered(delivered!)).toBe(undefined)
  })

  test('it ends without a block or a notification', async () => {
    const accepted = await accept()
    const { id } = accepted
    await ledger.markMined(id, { status: 'mined', mined })
    const end = { status: 'dropped', reason, notify: false } as const
    const finished = await ledger.finish(id, end)
    expect(changesOf(accepted, finished)).toEqual({
      ...{ status: 'dropped', reason, final: true, hash: mined.hash },
      ...{ revision: 2, updatedAt: start },
    })
    expect(rowOf(id)).not.toHaveProperty('undelivered')
    expect((await ledger.listOpen(account, { limit: 9 })).transactions).toEqual(
      [],
    )
  })

  test('an unsigned one gives up its nonce', async () => {
    const accepted = await accept()
    const bound = (await ledger.bind(accepted.id, 3n, claim))!
    const end = { status: 'expired', notify: false } as const
    const finish = (unsigned: TransactionRecord) =>
      ledger.finish(bound.id, { ...end, unsigned })
    expect(await finish(accepted)).toBe(undefined)
    const noted = (await ledger.noteProblem(bound.id, 'late'))!
    expect(await finish(bound)).toBe(undefined)
    expect(changesOf(accepted, await finish(noted))).toEqual({
      ...{ status: 'expired', final: true, revision: 3, updatedAt: start },
    })
    const other = await accept('other')
    const ended = await ledger.finish(other.id, { ...end, unsigned: other })
    expect(ended).toMatchObject({ status: 'expired', nonce: undefined })
    const signed = await accept('signed')
    await ledger.bind(signed.id, 4n, claim)
    expect(await ledger.finish(signed.id, end)).toMatchObject({
      ...{ nonce: 4n, claim },
    })
  })
})

test('open transactions are listed, oldest first', async () => {
  const ids = []
  for (const createdAt of [5, 3, 4])
    ids[createdAt - 3] = (await accept(`k${createdAt}`, createdAt)).id
  await ledger.finish((await accept('done', 1)).id, {
    ...{ status: 'expired', notify: false },
  })
  const list = async (limit: number, after?: unknown) => {
    const page = await ledger.listOpen(account, { limit, after })
    return { ids: page.transactions.map(({ id }) => id), after: page.after }
  }
  const first = await list(2)
  expect(first.ids).toEqual(ids.slice(0, 2))
  expect((await list(2, first.after)).ids).toEqual(ids.slice(2))
  const others = { ...account, chainId: 1 }
  expect(await ledger.listOpen(others, { limit: 2 })).toEqual({
    ...{ transactions: [], damaged: [], after: undefined },
  })
})
