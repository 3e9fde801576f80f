import type { Runtime } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  createTestKey,
  createTestRuntime,
  createTestTable,
} from '../../../../test/support/senderParts.js'
import type { HeadRecord } from './HeadRecord.js'
import * as Head from './HeadRecord.js'
import type { Ledger } from './Ledger.js'
import type { Store } from './Store.js'
import type { Account } from './TransactionRecord.js'

// What a write of the head changes, and what keeps it from being done.

const { getAccount } = createTestKey()
const start = Date.UTC(2026, 0, 1)
const hour = start / 3_600_000
const day = hour / 24

let account: Account
let runtime: Runtime
let table: ReturnType<typeof createTestTable>
let ledger: Ledger
beforeEach(async () => {
  account = await getAccount()
  ;({ runtime } = createTestRuntime(start))
  table = createTestTable(runtime)
  ledger = table.newLedger()
})

const read = async () => (await ledger.getHead(account))!
const rowOf = () => {
  const { pk, sk } = Head.keyOf(account)
  return table.items.get(`${pk}\0${sk}`)!
}
const change = (fields: object) => table.put({ ...rowOf(), ...fields })

test('only createHead writes a missing head', async () => {
  await ledger.createHead(account, 3n)
  const seen = await read()
  table.items.clear()
  const renewed = { next: 3n, first: 0n, hasAdopted: false, halt: undefined }
  expect(await ledger.getHead(account)).toBe(undefined)
  expect(await ledger.advanceHead(account, 1)).toBe(undefined)
  expect(await ledger.raiseHead(account, seen, 4n, true)).toBe(false)
  await ledger.haltHead(account, { reason: 'missing', below: 9n })
  await ledger.markAdopted(account)
  await ledger.resumeHead(account, seen)
  expect(await ledger.renewHead(account, seen, renewed)).toBe(false)
  await ledger.addFree(account, 1n)
  await ledger.removeFree(account, 1n)
  await ledger.dropFree(account, ['1'])
  expect(await ledger.replaceHead(account, renewed)).toBe(false)
  expect([...table.items.keys()]).toEqual([])
})

test('the first head stays', async () => {
  await ledger.createHead(account, 3n)
  const first = rowOf()
  expect(first).toEqual({
    pk: { S: `head#31337#${account.address}` },
    sk: { S: 'head' },
    kind: { S: 'head.2' },
    v: { N: '2' },
    nextNonce: { N: '3' },
    first: { N: '3' },
    table: { S: 'ledger' },
    ledgerId: { S: expect.stringMatching(/^[0-9a-f]{32}$/) },
  })
  const halt = { reason: 'lost', below: 9n } as const
  await ledger.createHead(account, 7n, undefined, { hasAdopted: true, halt })
  expect(rowOf()).toBe(first)
  table.items.clear()
  await ledger.createHead(
    account,
    7n,
    {},
    { first: 2n, hasAdopted: true, halt },
  )
  expect(await read()).toMatchObject({
    ...{ next: 7n, first: 2n, hasAdopted: true },
    halt: { ...halt, lostBelow: 9n },
  })
})

describe('a head that differs from what was read', () => {
  test.each<[name: string, fields: object, expected: Partial<HeadRecord>]>([
    [
      'has free numbers in order, and junk apart',
      { free: { NS: ['10', '9', '2', '-1', '1.5', '12', '9'.repeat(21)] } },
      { free: [2n, 9n, 10n], junk: ['-1', '1.5', '12', '9'.repeat(21)] },
    ],
    ['has not risen', {}, { rises: { hour: 0, inHour: 0, day: 0, inDay: 0 } }],
    [
      'has risen',
      {
        ...{ riseHour: { N: '5' }, riseHourCount: { N: '6' } },
        ...{ riseDay: { N: '7' }, riseDayCount: { N: '8' } },
      },
      { rises: { hour: 5, inHour: 6, day: 7, inDay: 8 } },
    ],
    ['is not halted', {}, { halt: undefined, hasAdopted: false }],
    [
      'is halted by half of a halt: a reason',
      { haltReason: { S: 'foreign' } },
      { halt: { reason: 'foreign', below: 0n } },
    ],
    [
      'is halted by half of a halt: a number',
      { haltBelow: { N: '4' } },
      { halt: { reason: 'missing', below: 4n } },
    ],
    [
      'is halted for what nobody knows',
      { haltReason: { S: 'else' }, haltBelow: { N: '4' } },
      { halt: { reason: 'missing', below: 4n } },
    ],
    [
      'is halted, and what was lost is told',
      {
        haltReason: { S: 'foreign' },
        ...{ haltBelow: { N: '9' }, lostBelow: { N: '4' } },
      },
      { halt: { reason: 'foreign', below: 9n, lostBelow: 4n } },
    ],
    [
      'is halted for what was lost',
      { haltReason: { S: 'lost' }, haltBelow: { N: '4' } },
      { halt: { reason: 'lost', below: 4n, lostBelow: 4n } },
    ],
    ['has adopted', { adopted: { BOOL: true } }, { hasAdopted: true }],
  ])('%s', async (_, fields, expected) => {
    await ledger.createHead(account, 12n)
    change(fields)
    const head = await read()
    for (const [name, value] of Object.entries(expected))
      expect(head[name as keyof HeadRecord]).toEqual(value)
  })
})

describe('advanceHead', () => {
  beforeEach(() => ledger.createHead(account, 3n))

  test('returns the first of the requested nonces', async () => {
    expect(await ledger.advanceHead(account, 2)).toBe(3n)
    expect(await ledger.advanceHead(account, 1)).toBe(5n)
    expect(await read()).toMatchObject({ next: 6n, first: 3n })
  })

  test('is not retried by the store', async () => {
    const settings: unknown[] = []
    const noted = table.newLedger('ledger', (store) => ({
      update(key, changes, given) {
        settings.push(given)
        return store.update(key, changes, given)
      },
    }))
    await noted.advanceHead(account, 1, { deadline: 5 })
    expect(settings).toEqual([{ deadline: 5, once: true }])
  })

  test.each<[name: string, fields: object]>([
    ['while numbers are free', { free: { NS: ['1'] } }],
    ['of another table', { table: { S: 'other' } }],
    ['while it is halted', { haltReason: { S: 'missing' } }],
  ])('not %s', async (_, fields) => {
    change(fields)
    expect(await ledger.advanceHead(account, 1)).toBe(undefined)
    expect((await read()).next).toBe(3n)
  })
})

describe('raiseHead', () => {
  beforeEach(() => ledger.createHead(account, 3n))

  test('never lowers it or writes the same value', async () => {
    const seen = await read()
    const before = rowOf()
    for (const next of [2n, 3n])
      for (const isProven of [true, false])
        expect(await ledger.raiseHead(account, seen, next, isProven)).toBe(
          false,
        )
    expect(rowOf()).toBe(before)
  })

  test('is limited to what a node may claim in an hour', async () => {
    const seen = await read()
    expect(await ledger.raiseHead(account, seen, 68n, false)).toBe(false)
    expect(await ledger.raiseHead(account, seen, 67n, false)).toBe(true)
    const rises = { hour, inHour: 64, day, inDay: 64 }
    expect(await read()).toMatchObject({ next: 67n, rises })
    // Bytes prove it, and count for nothing.
    expect(await ledger.raiseHead(account, await read(), 500n, true)).toBe(true)
    expect(await read()).toMatchObject({ next: 500n, rises })
  })

  test('starts from the value read, in its own table', async () => {
    const seen = await read()
    await ledger.advanceHead(account, 1)
    expect(await ledger.raiseHead(account, seen, 5n, true)).toBe(false)
    change({ table: { S: 'other' } })
    const now = await read()
    expect(await ledger.raiseHead(account, now, 5n, true)).toBe(false)
    expect((await read()).next).toBe(4n)
  })
})

describe('a halt', () => {
  beforeEach(() => ledger.createHead(account, 3n))

  test('stays until a higher one comes', async () => {
    const halts = [
      { reason: 'foreign', below: 5n },
      { reason: 'missing', below: 4n },
      { reason: 'missing', below: 5n },
    ] as const
    for (const halt of halts) {
      await ledger.haltHead(account, halt)
      expect((await read()).halt).toEqual(halts[0])
    }
    await ledger.haltHead(account, { reason: 'lost', below: 6n })
    const lost = { reason: 'lost', below: 6n, lostBelow: 6n }
    expect((await read()).halt).toEqual(lost)
    // And what is lost is not forgotten by one that is higher.
    await ledger.haltHead(account, { reason: 'foreign', below: 7n })
    expect((await read()).halt).toEqual({
      ...{ reason: 'foreign', below: 7n, lostBelow: 6n },
    })
  })

  test('ends if unchanged, and adopted ones are compared from then on', async () => {
    const before = await read()
    await ledger.haltHead(account, { reason: 'lost', below: 5n })
    const halted = await read()
    await ledger.resumeHead(account, before)
    await ledger.resumeHead(account, { ...halted, ledgerId: 'another' })
    await ledger.resumeHead(account, {
      ...halted,
      halt: { reason: 'lost', below: 4n },
    })
    expect(await read()).toEqual(halted)
    await ledger.resumeHead(account, halted)
    const resumed = { ...before, hasAdopted: true }
    expect(await read()).toEqual(resumed)
    // Once more, as when an answer was lost.
    await ledger.resumeHead(account, halted)
    expect(await read()).toEqual(resumed)
    expect(Object.keys(rowOf()).filter((name) => /alt|ost/.test(name))).toEqual(
      [],
    )
  })

  test('markAdopted changes nothing else', async () => {
    const before = await read()
    await ledger.markAdopted(account)
    expect(await read()).toEqual({ ...before, hasAdopted: true })
  })
})

describe('a repair', () => {
  const restored = (change?: (store: Store) => Partial<Store>) =>
    table.newLedger('restored', change)
  beforeEach(() => ledger.createHead(account, 3n))

  test('makes the table the ledger and ends a halt', async () => {
    await ledger.haltHead(account, { reason: 'lost', below: 5n })
    const seen = await read()
    const renewed = { next: 9n, hasAdopted: false, halt: undefined }
    expect(await restored().renewHead(account, seen, renewed)).toBe(true)
    const { ledgerId, ...head } = await read()
    expect(ledgerId).toMatch(/^[0-9a-f]{32}$/)
    expect(ledgerId).not.toBe(seen.ledgerId)
    const { ledgerId: _, ...before } = seen
    expect(head).toEqual({
      ...before,
      ...{ next: 9n, table: 'restored', halt: undefined },
    })
  })

  test('or begins one, and keeps the adopted mark', async () => {
    const halt = { reason: 'lost', below: 5n } as const
    const seen = await read()
    const first = { next: 9n, hasAdopted: true, halt }
    expect(await ledger.renewHead(account, seen, first)).toBe(true)
    const now = await read()
    expect(now).toMatchObject({ hasAdopted: true, halt, next: 9n })
    const second = { next: 9n, hasAdopted: false, halt: undefined }
    expect(await ledger.renewHead(account, now, second)).toBe(true)
    expect(await read()).toMatchObject({ hasAdopted: true, halt: undefined })
  })

  test('changes a head only if it is unchanged', async () => {
    const seen = await read()
    const renewed = { next: 9n, hasAdopted: false, halt: undefined }
    const other = { ...seen, ledgerId: 'another' }
    expect(await ledger.renewHead(account, other, renewed)).toBe(false)
    await ledger.advanceHead(account, 1)
    expect(await ledger.renewHead(account, seen, renewed)).toBe(false)
    expect(await read()).toEqual({ ...seen, next: 4n })
  })

  const renewed = {
    ...{ next: 9n, first: 2n, hasAdopted: true },
    halt: { reason: 'lost', below: 5n } as const,
  }

  test('rewrites an unreadable head without its remains', async () => {
    const { ledgerId } = await read()
    change({
      ...{ kind: { S: 'junk' }, nextNonce: { S: 'junk' }, more: { S: 'junk' } },
      free: { NS: ['1'] },
    })
    await expect(read()).rejects.toThrow('its field "kind" must be "head.2"')
    expect(await restored().replaceHead(account, renewed)).toBe(true)
    const replaced = rowOf()
    table.items.clear()
    const { next, ...rest } = renewed
    await restored().createHead(account, next, undefined, rest)
    const like = rowOf()
    expect(replaced).toEqual({
      ...like,
      ledgerId: { S: expect.stringMatching(/^[0-9a-f]{32}$/) },
    })
    expect(replaced.ledgerId).not.toEqual({ S: ledgerId })
  })

  test.each(['nextNonce', 'ledgerId', 'kind'])(
    'but not if its %s was repaired since',
    async (name) => {
      change({ nextNonce: { S: 'junk' } })
      const late = restored((store) => ({
        async get(...given) {
          const found = await store.get(...given)
          change({ [name]: { S: 'mended' } })
          return found
        },
      }))
      const before = { ...rowOf(), [name]: { S: 'mended' } }
      expect(await late.replaceHead(account, renewed)).toBe(false)
      expect(rowOf()).toEqual(before)
    },
  )
})

test('free nonces are added and removed, 2000 at once', async () => {
  await ledger.createHead(account, 5000n)
  const writes: (number | undefined)[] = []
  const counted = table.newLedger('ledger', (store) => ({
    update(key, changes, settings) {
      const free = changes.delete?.free as { NS: string[] } | undefined
      writes.push(free?.NS.length)
      return store.update(key, changes, settings)
    },
  }))
  const numbers = Array.from({ length: 2002 }, (_, n) => String(n))
  change({ free: { NS: numbers } })
  await ledger.addFree(account, 3000n)
  await ledger.removeFree(account, 0n)
  await counted.dropFree(account, numbers.slice(1, 2001))
  expect(writes).toEqual([2000])
  expect((await read()).free).toEqual([2001n, 3000n])
  change({ free: { NS: numbers } })
  await counted.dropFree(account, numbers.slice(1))
  expect(writes).toEqual([2000, 2000, 1])
  expect((await read()).free).toEqual([0n])
  await counted.dropFree(account, [])
  expect(writes).toHaveLength(3)
})
