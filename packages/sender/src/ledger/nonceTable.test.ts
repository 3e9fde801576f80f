import type { Hex } from '@keyward/core'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  createTestKey,
  createTestRuntime,
  createTestTable,
} from '../../../../test/support/senderParts.js'
import * as Attempt from './Attempt.js'
import type { Item } from './Item.js'
import type { Ledger } from './Ledger.js'
import * as NonceRecord from './NonceRecord.js'
import type { Store } from './Store.js'
import type { Account } from './TransactionRecord.js'

// Who has a nonce: what a write of its row changes, and what keeps it from being
// done.

const { sign, getAccount } = createTestKey()
const start = Date.UTC(2026, 0, 1)
const owner = 'ab'.repeat(20)
const other = 'cd'.repeat(20)
const anyClaim = 'ef'.repeat(16)
const isClaim = expect.stringMatching(/^[0-9a-f]{32}$/)

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

const idOf = () => {
  const { pk, sk } = NonceRecord.keyOf(account, 3n)
  return `${pk}\0${sk}`
}
const rowOf = () => table.items.get(idOf())!
const put = (fields: object) => table.put({ ...rowOf(), ...fields })
const take = () => ledger.take(account, 3n, owner)
const attemptOf = async (index = 0, fields: object = {}) => {
  const raw = await sign({ nonce: 3n, ...fields })
  const signed = (await Attempt.readSigned(raw, account))!
  return { ...signed, raw, index, purpose: 'request', signedAt: 9 } as const
}
/** A store whose answer to a write is lost: it was done, and says otherwise. */
const losing = (): Ledger =>
  table.newLedger('ledger', (store: Store) => ({
    async create(...given) {
      await store.create(...given)
      return false
    },
    async update(...given) {
      await store.update(...given)
      return undefined
    },
  }))
const freeRow = (): Item => ({
  pk: { S: `account#31337#${account.address}` },
  sk: { S: 'nonce#00000000000000000003' },
  kind: { S: 'nonce.2' },
  v: { N: '2' },
  nonce: { N: '3' },
  createdAt: { N: String(start) },
})

test('only the creator of a row has the nonce', async () => {
  const raw = await sign({ nonce: 3n })
  const claim = { owner, claim: anyClaim }
  expect(await ledger.getNonce(account, 3n)).toBe(undefined)
  expect(await take()).toBe(undefined)
  expect(await ledger.free(account, 3n, claim)).toBe(false)
  expect(await ledger.clear(account, 3n)).toBe(false)
  for (const from of [claim, undefined])
    expect(await ledger.handOver(account, 3n, from, raw)).toBe(false)
  await ledger.addProof(account, 3n, raw)
  const stored = ledger.storeAttempt(account, 3n, claim, await attemptOf())
  expect(await stored).toBe(undefined)
  await ledger.suspect(account, 3n)
  await ledger.clearSuspicion(account, 3n)
  expect(table.items.size).toBe(0)
})

describe('reserve', () => {
  test('once, to one', async () => {
    const claim = await ledger.reserve(account, 3n, owner)
    expect(claim).toEqual(isClaim)
    expect(rowOf()).toEqual({
      ...freeRow(),
      ...{ owner: { S: owner }, claim: { S: claim } },
    })
    expect(await ledger.reserve(account, 3n, owner)).toBe(undefined)
    expect(await ledger.reserve(account, 3n, other)).toBe(undefined)
    expect(await ledger.getNonce(account, 3n)).toMatchObject({ owner, claim })
  })

  test('also when the answer is lost', async () => {
    const claim = await losing().reserve(account, 3n, owner)
    expect(claim).toEqual(isClaim)
    expect(rowOf().claim).toEqual({ S: claim })
    expect(await losing().reserve(account, 3n, owner)).toBe(undefined)
  })
})

describe('take', () => {
  test('assigns a free nonce to one owner', async () => {
    await ledger.createFree(account, 3n)
    expect(rowOf()).toEqual(freeRow())
    await ledger.suspect(account, 3n)
    pass(5)
    const claim = await take()
    expect(rowOf()).toEqual({
      ...{ ...freeRow(), createdAt: { N: String(start + 5) } },
      ...{ owner: { S: owner }, claim: { S: claim } },
    })
    expect(claim).toEqual(isClaim)
    expect(await take()).toBe(undefined)
  })

  test('also when the answer is lost', async () => {
    await ledger.createFree(account, 3n)
    const claim = await losing().take(account, 3n, owner)
    expect(claim).toEqual(isClaim)
    expect(rowOf().claim).toEqual({ S: claim })
    expect(await losing().take(account, 3n, owner)).toBe(undefined)
  })

  test('does not assign a signed nonce', async () => {
    await ledger.createFree(account, 3n)
    put({ raw: { B: 'AAAA' } })
    const before = rowOf()
    expect(await take()).toBe(undefined)
    expect(rowOf()).toEqual(before)
  })

  test('a free row does not replace another', async () => {
    await ledger.reserve(account, 3n, owner)
    const before = rowOf()
    await ledger.createFree(account, 3n)
    expect(rowOf()).toBe(before)
  })
})

describe('free', () => {
  test('takes it from the owner with the claim', async () => {
    const claim = await ledger.reserve(account, 3n, owner)
    put({ proof: { B: 'AAAA' }, foundAt: { N: '1' } })
    const before = rowOf()
    for (const from of [
      { owner: other, claim },
      { owner, claim: anyClaim },
      { owner, claim: undefined },
    ])
      expect(await ledger.free(account, 3n, from)).toBe(false)
    expect(rowOf()).toEqual(before)
    expect(await ledger.free(account, 3n, { owner, claim })).toBe(true)
    expect(rowOf()).toEqual(freeRow())
    expect(await ledger.free(account, 3n, { owner, claim })).toBe(true)
  })

  test('takes it from an owner without a claim, as in earlier rows', async () => {
    await ledger.reserve(account, 3n, owner)
    const { claim: _, ...row } = rowOf()
    table.put(row)
    const from = { owner, claim: undefined }
    expect(await ledger.free(account, 3n, from)).toBe(true)
  })

  test('not once something is signed', async () => {
    const claim = await ledger.reserve(account, 3n, owner)
    put({ raw: { B: 'AAAA' } })
    expect(await ledger.free(account, 3n, { owner, claim })).toBe(false)
    const { owner: _, claim: __, ...nobodys } = rowOf()
    table.put(nobodys)
    expect(await ledger.free(account, 3n, { owner, claim })).toBe(false)
  })
})

describe('clear', () => {
  test('turns a damaged row into a free nonce', async () => {
    await ledger.reserve(account, 3n, 'me')
    put({ kind: { S: 'junk' }, more: { S: 'junk' }, createdAt: { S: 'now' } })
    expect(await ledger.clear(account, 3n)).toBe(true)
    expect(rowOf()).toEqual(freeRow())
  })

  test.each(['raw', 'owner', 'claim'])(
    'not if its %s arrived since',
    async (name) => {
      await ledger.reserve(account, 3n, 'me')
      const late = table.newLedger('ledger', (store) => ({
        async get(...given) {
          const found = await store.get(...given)
          put({ [name]: { S: 'came' } })
          return found
        },
      }))
      const before = { ...rowOf(), [name]: { S: 'came' } }
      expect(await late.clear(account, 3n)).toBe(false)
      expect(rowOf()).toEqual(before)
      if (name === 'raw') expect(await ledger.clear(account, 3n)).toBe(false)
    },
  )
})

describe('a nonce used elsewhere', () => {
  let raw: Hex
  let proof: Item[string]
  beforeEach(async () => {
    raw = await sign({ nonce: 3n })
    proof = { B: NonceRecord.toBytes(raw).toString('base64') }
  })
  const foundAt = { N: String(start) }
  const owned = { S: 'external' }

  test('is taken from the owner with the claim', async () => {
    const claim = await ledger.reserve(account, 3n, owner)
    const handOver = (from: NonceRecord.Claim | undefined) =>
      ledger.handOver(account, 3n, from, raw)
    const before = rowOf()
    for (const from of [
      undefined,
      { owner: other, claim },
      { owner, claim: anyClaim },
    ])
      expect(await handOver(from)).toBe(false)
    expect(rowOf()).toEqual(before)
    expect(await handOver({ owner, claim })).toBe(true)
    expect(rowOf()).toEqual({ ...freeRow(), owner: owned, proof, foundAt })
    expect(await handOver({ owner, claim })).toBe(true)
    expect(await handOver(undefined)).toBe(true)
  })

  test('is recorded without an owner, also without bytes', async () => {
    await ledger.createFree(account, 3n)
    const claim = { owner, claim: undefined }
    expect(await ledger.handOver(account, 3n, claim, undefined)).toBe(false)
    expect(await ledger.handOver(account, 3n, undefined, undefined)).toBe(true)
    expect(rowOf()).toEqual({ ...freeRow(), owner: owned, foundAt })
  })

  test('is not recorded if something is signed', async () => {
    const claim = await ledger.reserve(account, 3n, owner)
    const by = { owner, claim }
    await ledger.storeAttempt(account, 3n, by, await attemptOf())
    expect(await ledger.handOver(account, 3n, by, raw)).toBe(false)
    const before = rowOf()
    pass(5)
    await ledger.addProof(account, 3n, raw)
    const later = { N: String(start + 5) }
    expect(rowOf()).toEqual({ ...before, proof, foundAt: later })
    expect(await ledger.getNonce(account, 3n)).toMatchObject({
      ...{ owner, foreign: { raw, foundAt: start + 5 } },
    })
  })

  test('is recorded if there is no row', async () => {
    expect(await ledger.createExternal(account, 3n, raw)).toBe(true)
    const written = rowOf()
    expect(written).toEqual({ ...freeRow(), owner: owned, proof, foundAt })
    expect(await ledger.createExternal(account, 3n, raw)).toBe(false)
    expect(rowOf()).toBe(written)
  })
})

describe('storeAttempt', () => {
  test('stores once, and returns what is stored', async () => {
    const claim = await ledger.reserve(account, 3n, owner)
    const by = { owner, claim }
    const store = (attempt: Attempt.Attempt, from: NonceRecord.Claim = by) =>
      ledger.storeAttempt(account, 3n, from, attempt)
    const first = await attemptOf()
    for (const from of [
      { owner: other, claim },
      { owner, claim: anyClaim },
      { owner, claim: undefined },
    ])
      expect(await store(first, from)).toBe(undefined)
    expect(NonceRecord.isUnsigned((await ledger.getNonce(account, 3n))!)).toBe(
      true,
    )
    expect(await store(first)).toBe(first)
    // What another process stored before is what counts.
    const rival = await attemptOf(0, { gasPrice: 7n })
    expect(await store(rival)).toEqual(first)
    const second = await attemptOf(1, { gasPrice: 8n })
    expect(await store(second)).toBe(second)
    expect(await store(await attemptOf(1, { gasPrice: 9n }))).toEqual(second)
    expect(await store(rival, { owner, claim: anyClaim })).toBe(undefined)
    expect(await store(rival, { owner: other, claim })).toBe(undefined)
    const record = await ledger.getNonce(account, 3n)
    expect(record?.attempts).toEqual([first, second])
    expect(record).toMatchObject({ ...by, damage: undefined, remarks: [] })
  })
})

test('a confirmed write is not read back', async () => {
  const noReads = table.newLedger('ledger', () => ({
    query: async () => {
      throw new Error('It was read.')
    },
  }))
  const claim = await noReads.reserve(account, 3n, owner)
  expect(await noReads.free(account, 3n, { owner, claim })).toBe(true)
  const again = await noReads.take(account, 3n, owner)
  const by = { owner, claim: again }
  expect(await noReads.handOver(account, 3n, by, undefined)).toBe(true)
})

test('the time since which it is suspected', async () => {
  await ledger.createFree(account, 3n)
  const suspectedAt = async () =>
    (await ledger.getNonce(account, 3n))?.suspectedAt
  await ledger.suspect(account, 3n)
  pass(5)
  await ledger.suspect(account, 3n)
  expect(await suspectedAt()).toBe(start)
  await ledger.clearSuspicion(account, 3n)
  expect(rowOf()).toEqual(freeRow())
  await ledger.suspect(account, 3n)
  expect(await suspectedAt()).toBe(start + 5)
})

test('the rows of a range, and the highest', async () => {
  expect(await ledger.highestNonce(account)).toBe(undefined)
  // EIP-2681 allows none above.
  const top = 2n ** 64n - 2n
  for (const nonce of [9n, 10n, 2n, top])
    await ledger.createFree(account, nonce)
  const claim = await ledger.reserve(account, 3n, owner)
  for (const index of [0, 1])
    await ledger.storeAttempt(
      ...([account, 3n, { owner, claim }] as const),
      await attemptOf(index, { gasPrice: BigInt(index + 1) }),
    )
  const list = async (from: bigint, to: bigint) =>
    (await ledger.listNonces(account, from, to)).map(({ nonce }) => nonce)
  expect(await list(2n, 9n)).toEqual([2n, 3n, 9n])
  expect(await list(3n, 3n)).toEqual([3n])
  expect(await list(4n, 8n)).toEqual([])
  expect((await ledger.getNonce(account, 3n))?.attempts).toHaveLength(2)
  expect(await ledger.highestNonce(account)).toBe(top)
  const find = async (from: bigint, limit: number) =>
    (await ledger.findNonces(account, from, limit)).map(({ nonce }) => nonce)
  expect(await find(3n, 9)).toEqual([3n, 9n, 10n, top])
  expect(await find(4n, 2)).toEqual([9n, 10n])
  const paged = table.newLedger('ledger', (store) => ({
    query: (query, ...rest) => store.query({ ...query, limit: 2 }, ...rest),
  }))
  expect(await paged.listNonces(account, 0n, 99n)).toEqual(
    await ledger.listNonces(account, 0n, 99n),
  )
  let reads = 0
  const counted = table.newLedger('ledger', (store) => ({
    query(...given) {
      reads++
      return store.query(...given)
    },
  }))
  expect(await counted.findNonces(account, 4n, 9)).toHaveLength(3)
  expect(reads).toBe(1)
  const elsewhere = { ...account, chainId: 1 }
  expect(await ledger.highestNonce(elsewhere)).toBe(undefined)
  expect(await ledger.listNonces(elsewhere, 0n, 9n)).toEqual([])
})
