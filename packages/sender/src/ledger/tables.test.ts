import { beforeEach, expect, test } from 'vitest'
import {
  createTestKey,
  createTestRuntime,
  createTestTable,
} from '../../../../test/support/senderParts.js'
import * as SendRequest from '../request/SendRequest.js'
import * as Attempt from './Attempt.js'
import type { Ledger } from './Ledger.js'
import * as NonceRecord from './NonceRecord.js'
import type { Account } from './TransactionRecord.js'

// What one row, or the end of a page, must not hide.

const { sign, getAccount } = createTestKey()

let account: Account
let table: ReturnType<typeof createTestTable>
let ledger: Ledger
let pass: (ms: number) => void
beforeEach(async () => {
  account = await getAccount()
  const clock = createTestRuntime()
  pass = clock.pass
  table = createTestTable(clock.runtime)
  ledger = table.newLedger()
})

const accept = async (key: string, createdAt: number, caller = 'shop') => {
  const request: SendRequest.SendRequest = {
    to: `0x${'77'.repeat(20)}`,
    value: 1n,
    data: '0x',
    accessList: [],
    speed: 'normal',
    idempotencyKey: key,
  }
  const { transaction } = await ledger.accept({
    id: SendRequest.transactionId(caller, key),
    caller,
    account,
    request,
    requestHash: SendRequest.hash(request, account),
    createdAt,
  })
  return transaction
}
const damage = (id: string, fields: object) => {
  const item = table.items.get(`tx#${id}\0tx`)
  table.put({ ...item, ...fields })
}

test('a damaged row hides no other from its caller', async () => {
  const old = await accept('old', 1)
  const bad = await accept('bad', 2)
  damage(bad.id, { requestHash: { S: '00' } })
  const first = await ledger.listByCaller(account, 'shop', { limit: 1 })
  expect(first).toMatchObject({
    transactions: [],
    damaged: [{ id: bad.id }],
    after: { id: bad.id, createdAt: 2 },
  })
  const second = await ledger.listByCaller(account, 'shop', {
    limit: 1,
    after: first.after,
  })
  expect(second.transactions.map(({ id }) => id)).toEqual([old.id])
  const third = await ledger.listByCaller(account, 'shop', {
    limit: 1,
    after: second.after,
  })
  expect(third).toEqual({ transactions: [], damaged: [], after: undefined })
})

test('nor does a row that the index assigns to another caller', async () => {
  const own = await accept('own', 1)
  const other = await accept('other', 2, 'another')
  damage(other.id, { callerOf: table.items.get(`tx#${own.id}\0tx`)!.callerOf })
  const page = await ledger.listByCaller(account, 'shop', { limit: 10 })
  expect(page.transactions.map(({ id }) => id)).toEqual([own.id])
})

test('the last of the lowest nonces is complete', async () => {
  for (const nonce of [0n, 1n]) {
    const claim = await ledger.reserve(account, nonce, 'filler')
    for (const index of [0, 1, 2]) {
      const raw = await sign({ nonce, gasPrice: BigInt(index + 1) })
      const signed = (await Attempt.readSigned(raw, account))!
      const attempt = {
        ...signed,
        raw,
        index,
        purpose: 'request',
        signedAt: 1,
      } as const
      await ledger.storeAttempt(
        account,
        nonce,
        { owner: 'filler', claim },
        attempt,
      )
    }
  }
  for (const limit of [1, 2, 3, 4, 5, 6]) {
    const rows = await ledger.findNonces(account, 0n, limit)
    expect(rows.map(({ attempts }) => attempts.length)).toEqual(
      limit > 3 ? [3, 3] : [3],
    )
  }
})

test('rows of no nonce hide no later ones', async () => {
  for (const nonce of [3n, 4n]) await ledger.createFree(account, nonce)
  const { pk, sk } = NonceRecord.keyOf(account, 3n)
  for (const junk of [sk.slice(0, -1), `${sk.slice(0, -1)}0#x`, 'z'])
    table.put({ pk: { S: pk }, sk: { S: junk } })
  expect(await ledger.highestNonce(account)).toBe(4n)
  const found = await ledger.findNonces(account, 0n, 1)
  expect(found.map(({ nonce }) => nonce)).toEqual([3n])
  expect(await ledger.findNonces(account, 5n, 1)).toEqual([])
})

test('the owner of two rows is read once', async () => {
  const { id } = await accept('key', 1)
  const { transactions } = await ledger.getOutlines([id, id, 'ff'.repeat(20)])
  expect(transactions.map((one) => one.id)).toEqual([id])
})

test('a lease longer than any run is broken and reported', async () => {
  const start = 1_767_225_600_000
  const lease = (holder: string, until: number) =>
    ledger.lease(account, holder, start + until)
  expect(await lease('one', 50_000)).toEqual({
    lease: {
      finalBelow: undefined,
      skippedSince: undefined,
      broken: undefined,
    },
  })
  const place = `head#31337#${account.address}\0lease`
  expect([...table.items.keys()]).toEqual([place])
  expect(await lease('two', 50_000)).toEqual({ skippedSince: start })
  pass(1000)
  expect(await lease('three', 51_000)).toEqual({ skippedSince: start })
  pass(49_000)
  // At its end it still holds.
  expect(await lease('two', 100_000)).toEqual({ skippedSince: start })
  pass(1)
  expect(await lease('two', 100_000)).toEqual({
    lease: { finalBelow: undefined, skippedSince: start, broken: undefined },
  })
  await ledger.release(account, 'one', 9n)
  await ledger.release(account, 'two', 7n)
  expect(await lease('enemy', 10_000_000_000)).toMatchObject({
    lease: { finalBelow: 7n, skippedSince: undefined },
  })
  expect(await lease('one', 60_000)).toMatchObject({
    lease: { broken: { holder: 'enemy', until: start + 10_000_000_000 } },
  })
})

test('a sent transaction is not bound again', async () => {
  const { id } = await accept('key', 1)
  const claim = await ledger.reserve(account, 0n, id)
  expect(await ledger.bind(id, 0n, claim)).toMatchObject({ status: 'reserved' })
  // An answer that was lost is repeated.
  expect(await ledger.bind(id, 0n, claim)).toMatchObject({ status: 'reserved' })
  expect(await ledger.bind(id, 1n, claim)).toBe(undefined)
  expect(await ledger.bind(id, 0n, 'ff'.repeat(16))).toBe(undefined)
  await ledger.advanceStatus(id, 'sent', '0xab')
  expect(await ledger.bind(id, 0n, claim)).toBe(undefined)
  expect(await ledger.getTransaction(id)).toMatchObject({ status: 'sent' })
})

test('only one of two concurrent repairs takes effect', async () => {
  await ledger.createHead(account, 0n)
  const seen = (await ledger.getHead(account))!
  const renew = () =>
    ledger.renewHead(account, seen, {
      next: 0n,
      hasAdopted: true,
      halt: undefined,
    })
  expect(await renew()).toBe(true)
  expect(await renew()).toBe(false)
})
