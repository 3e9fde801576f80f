import { beforeEach, describe, expect, test } from 'vitest'
import {
  createTestKey,
  createTestRuntime,
  createTestTable,
  mined,
} from '../../../../test/support/senderParts.js'
import * as SendRequest from '../request/SendRequest.js'
import type { Signed } from './Attempt.js'
import * as Attempt from './Attempt.js'
import type { Ledger } from './Ledger.js'
import type { Account } from './TransactionRecord.js'

// Transactions that repair found: whoever asks for the same again is told, until
// an operator says whose it was.

const { sign, getAccount } = createTestKey()
const start = Date.UTC(2026, 0, 1)
const to = '0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B'
const lower = to.toLowerCase() as typeof to

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

const signedOf = async (fields: object): Promise<Signed> =>
  (await Attempt.readSigned(await sign({ to, ...fields }), account))!
const find = async (fields: object = {}) =>
  await ledger.findAdopted(account, { to, value: 5n, data: '0x', ...fields })

test('one is found by its effect', async () => {
  const [second, first] = await Promise.all([
    signedOf({ nonce: 12n }),
    signedOf({ nonce: 3n }),
  ])
  for (const one of [
    second,
    first,
    await signedOf({ nonce: 4n, value: 6n }),
    await signedOf({ nonce: 5n, data: '0xAB', gas: 50_000n }),
    await signedOf({ nonce: 6n, to: `0x${'cd'.repeat(20)}` }),
    await signedOf({ nonce: 7n, to: undefined, data: '0x60', gas: 99_000n }),
  ])
    await ledger.addAdopted(account, one)
  expect(await find()).toEqual(
    [first, second].map(({ nonce, hash }) => ({
      ...{ nonce, hash, to: lower, value: 5n, foundAt: start },
      claimedBy: undefined,
    })),
  )
  const nonces = async (fields: object) =>
    (await find(fields)).map(({ nonce }) => nonce)
  expect(await nonces({ to: lower })).toEqual([3n, 12n])
  expect(await nonces({ value: 6n })).toEqual([4n])
  expect(await nonces({ data: '0xaB' })).toEqual([5n])
  expect(await nonces({ to: undefined, data: '0x60' })).toEqual([7n])
  expect(await nonces({ to: undefined })).toEqual([])
  expect(
    await ledger.findAdopted(
      { ...account, chainId: 1 },
      { to, value: 5n, data: '0x' },
    ),
  ).toEqual([])
})

test('its key is a hash of its effect, and never changes', async () => {
  const keysOf = async (fields: object) => {
    table.items.clear()
    await ledger.addAdopted(account, await signedOf({ nonce: 3n, ...fields }))
    return [...table.items.values()].map(({ sk }) => sk)
  }
  // SHA-256 of "<to>\n<value>\n<data>", from sha256sum.
  expect(await keysOf({ data: '0xAB', gas: 50_000n })).toEqual([
    {
      S: '5c6dc2063add22e527788bf4c7a9941b81898129ae0935eaa9b423f5e81244ee#00000000000000000003',
    },
  ])
  expect(await keysOf({ to: undefined, data: '0x60', gas: 99_000n })).toEqual([
    {
      S: '171b7224b3e8e1befaaf142a2d0ddef6eac2646518bfd141f2ec48fec8481e2c#00000000000000000003',
    },
  ])
})

test('the time it was found may be missing', async () => {
  await ledger.addAdopted(account, await signedOf({}))
  const [[id, item]] = table.items as unknown as [[string, object]]
  const { foundAt: _, ...rest } = item as Record<string, never>
  table.items.set(id, rest)
  expect(await find()).toMatchObject([{ foundAt: 0 }])
})

test('only one request claims it; another can if that fails', async () => {
  const signed = await signedOf({ nonce: 3n })
  const claim = (id: string) => ledger.claimAdopted(account, signed, id)
  const claimedBy = async () => (await find())[0]?.claimedBy
  expect(await claim('one')).toBe(false)
  expect(table.items.size).toBe(0)
  await ledger.addAdopted(account, signed)
  expect(await claim('one')).toBe(true)
  expect(await claim('one')).toBe(true)
  expect(await claim('two')).toBe(false)
  // It is not found anew by the next repair.
  await ledger.addAdopted(account, signed)
  await ledger.unclaimAdopted(account, signed, 'two')
  expect(await claimedBy()).toBe('one')
  await ledger.unclaimAdopted(account, signed, 'one')
  expect(await claimedBy()).toBe(undefined)
  expect(await claim('two')).toBe(true)
  expect(await claimedBy()).toBe('two')
})

describe('a request that it is adopted as', () => {
  const request: SendRequest.SendRequest = {
    ...{ to: lower, value: 5n, data: '0x', accessList: [], speed: 'normal' },
    idempotencyKey: 'key',
  }
  const id = SendRequest.transactionId('shop', 'key')
  const recordOf = () => ({
    ...{ id, caller: 'shop', account, request, createdAt: 1 },
    requestHash: SendRequest.hash(request, account),
  })
  const adopt = (notify = false, hash: `0x${string}` = '0xaa') =>
    ledger.adopt({
      ...recordOf(),
      ...{ nonce: 3n, mined: { ...mined, hash }, notify },
    })
  const end = {
    ...{ ...mined, nonce: 3n, status: 'mined', final: true, adopted: true },
    ...{ claim: undefined, reason: undefined, problem: undefined },
  }
  const listOpen = async () =>
    (await ledger.listOpen(account, { limit: 9 })).transactions.length

  test('gets its row', async () => {
    expect(await adopt()).toMatchObject({
      ...{ ...end, caller: 'shop', request, undelivered: false, revision: 0 },
    })
    expect(await listOpen()).toBe(0)
    const row = table.items.get(`tx#${id}\0tx`)
    expect(row).not.toHaveProperty('open')
    expect(row).not.toHaveProperty('undelivered')
    // Once more, as when an answer was lost; but it is no other one.
    expect(await adopt()).toMatchObject({ ...end, revision: 1 })
    expect(await adopt(false, '0xcc')).toBe(undefined)
  })

  test('is sent to the webhook', async () => {
    expect(await adopt(true)).toMatchObject({ ...end, undelivered: true })
    expect(await listOpen()).toBe(1)
  })

  test.each([true, false])(
    'was refused as a possible repeat (told: %s)',
    async (notify) => {
      await ledger.accept(recordOf())
      await ledger.bind(id, 9n, 'cd'.repeat(16))
      const reason = { code: 'possible-repeat', text: 'It looks like it.' }
      await ledger.noteProblem(id, 'late')
      await ledger.finish(id, { status: 'refused', reason, notify: true })
      table.put({
        ...table.items.get(`tx#${id}\0tx`)!,
        problem: { S: 'late' },
      })
      pass(5)
      expect(await adopt(notify)).toMatchObject({
        ...{ ...end, revision: 4, updatedAt: start + 5, createdAt: 1 },
      })
      expect(await listOpen()).toBe(notify ? 1 : 0)
      const row = table.items.get(`tx#${id}\0tx`)
      expect(row).not.toHaveProperty('reasonText')
    },
  )

  test.each([
    ['refused', 'low-funds'],
    ['expired', 'possible-repeat'],
  ] as const)('was %s for %s, and is not', async (status, code) => {
    await ledger.accept(recordOf())
    const reason = { code, text: '' }
    await ledger.finish(id, { status, reason, notify: false })
    const before = table.items.get(`tx#${id}\0tx`)
    expect(await adopt()).toBe(undefined)
    expect(table.items.get(`tx#${id}\0tx`)).toEqual(before)
  })

  test('is already in progress', async () => {
    await ledger.accept(recordOf())
    await ledger.advanceStatus(id, 'sent', '0xaa')
    expect(await adopt()).toBe(undefined)
  })
})
