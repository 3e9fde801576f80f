import { Transaction } from '@keyward/core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createTestKey } from '../../../../test/support/senderParts.js'
import { soak } from '../../../../test/support/tools.js'
import type * as Item from './Item.js'
import * as NonceRecord from './NonceRecord.js'
import type { Account } from './TransactionRecord.js'

const ours = createTestKey()
const theirs = createTestKey(2n)
const id = 'ab'.repeat(20)
const claim = 'cd'.repeat(16)
let account: Account
beforeAll(async () => {
  account = await ours.getAccount()
})

const rowOf = (nonce: bigint, fields: Item.Item = {}): Item.Item => ({
  ...NonceRecord.toItem(account, nonce, { owner: id, claim }, 7),
  ...fields,
})
const attemptOf = async (
  nonce: bigint,
  index: number,
  fields: object = {},
  key = ours,
) =>
  NonceRecord.toAttemptItem(account, nonce, {
    index,
    purpose: 'request',
    raw: await key.sign({ nonce, ...fields }),
    signedAt: 9,
  })
const bytes = async (fields: object, key = ours) => ({
  B: NonceRecord.toBytes(await key.sign(fields)).toString('base64'),
})
const first = async (nonce: bigint, fields: object = {}) =>
  rowOf(nonce, {
    purpose: { S: 'request' },
    raw: await bytes({ nonce, ...fields }),
    signedAt: { N: '8' },
  })

describe('rows as they are written', () => {
  test('are grouped by nonce, attempts in order', async () => {
    const items = [
      rowOf(12n),
      await attemptOf(3n, 2, { gasPrice: 30n }),
      await attemptOf(3n, 1, { gasPrice: 20n }),
      await first(3n, { gasPrice: 10n }),
    ]
    const [three, twelve] = await NonceRecord.fromItems(items, account)
    expect(twelve).toEqual({
      nonce: 12n,
      owner: id,
      claim,
      createdAt: 7,
      suspectedAt: undefined,
      attempts: [],
      nextIndex: 0,
      foreign: undefined,
      damage: undefined,
      remarks: [],
    })
    expect(three).toMatchObject({ nonce: 3n, nextIndex: 3, damage: undefined })
    expect(
      three?.attempts.map(({ index, maxFeePerGas }) => [index, maxFeePerGas]),
    ).toEqual([
      [0, 10n],
      [1, 20n],
      [2, 30n],
    ])
    expect(NonceRecord.isUnsigned(three!)).toBe(false)
    expect(NonceRecord.isUnsigned(twelve!)).toBe(true)
  })

  test('an external one has the outside transaction, if known', async () => {
    const external = { owner: { S: 'external' }, foundAt: { N: '11' } }
    const raw = await ours.sign({ nonce: 4n })
    const proof = { B: NonceRecord.toBytes(raw).toString('base64') }
    const [known, unknown] = await NonceRecord.fromItems(
      [rowOf(4n, { ...external, proof }), rowOf(5n, external)],
      account,
    )
    expect(known?.foreign).toMatchObject({ nonce: 4n, raw, foundAt: 11 })
    expect(unknown).toMatchObject({ foreign: undefined, damage: undefined })
  })
})

test.each<[name: string, fields: () => Promise<Item.Item>]>([
  ['another kind', async () => ({ kind: { S: 'transaction.2' } })],
  ['another version', async () => ({ kind: { S: 'nonce.3' } })],
  ['no version', async () => ({ kind: { S: 'nonce' } })],
  ['an owner that is none', async () => ({ owner: { S: 'me' } })],
  ['an owner that is longer', async () => ({ owner: { S: `${id}0` } })],
  ['an owner that begins before', async () => ({ owner: { S: `0${id}` } })],
  ['a claim of another type', async () => ({ claim: { N: '1' } })],
  ['an owner of another type', async () => ({ owner: { N: '1' } })],
  ['no time', async () => ({ createdAt: { S: 'now' } })],
  [
    'a time that no date has',
    async () => ({ createdAt: { N: '9'.repeat(19) } }),
  ],
  [
    'a proof of another key',
    async () => ({
      owner: { S: 'external' },
      foundAt: { N: '1' },
      proof: await bytes({ nonce: 4n }, theirs),
    }),
  ],
  [
    'a proof of another nonce',
    async () => ({
      owner: { S: 'external' },
      foundAt: { N: '1' },
      proof: await bytes({ nonce: 5n }),
    }),
  ],
  [
    'bytes of another key',
    async () => ({
      raw: await bytes({ nonce: 4n }, theirs),
      purpose: { S: 'request' },
      signedAt: { N: '1' },
    }),
  ],
  [
    'bytes of another nonce',
    async () => ({
      raw: await bytes({ nonce: 5n }),
      purpose: { S: 'request' },
      signedAt: { N: '1' },
    }),
  ],
  [
    'bytes that are text',
    async () => ({
      raw: { S: '0x00' },
      purpose: { S: 'request' },
      signedAt: { N: '1' },
    }),
  ],
])('%s: damage, which blocks nobody else', async (_, fields) => {
  const [damaged, other] = await NonceRecord.fromItems(
    [rowOf(4n, await fields()), await first(6n)],
    account,
  )
  expect(damaged?.damage?.message).toContain('nonce#00000000000000000004')
  expect(damaged?.attempts).toEqual([])
  expect(damaged?.foreign).toBe(undefined)
  expect(other).toMatchObject({ nonce: 6n, owner: id, damage: undefined })
  expect(other?.attempts).toHaveLength(1)
})

test('our own bytes that pay, but are labelled cancel, count by their effect', async () => {
  const fields = { purpose: { S: 'cancel' }, signedAt: { N: '1' } }
  const [row] = await NonceRecord.fromItems(
    [rowOf(4n, { raw: await bytes({ nonce: 4n }), ...fields })],
    account,
  )
  expect(row?.damage).toBe(undefined)
  expect(row?.remarks).toHaveLength(1)
  expect(row?.attempts).toMatchObject([{ purpose: 'request', nonce: 4n }])
})

test('our own bytes without a purpose are damage, and never unsigned', async () => {
  const [row] = await NonceRecord.fromItems(
    [rowOf(4n, { raw: await bytes({ nonce: 4n }), signedAt: { N: '1' } })],
    account,
  )
  expect(row?.damage?.message).toContain('it has no field "purpose"')
  expect(row?.attempts).toMatchObject([{ purpose: 'request', signedAt: 0 }])
  expect(NonceRecord.isUnsigned(row!)).toBe(false)
})

test('the owner of a damaged row is still reported', async () => {
  const [row] = await NonceRecord.fromItems(
    [rowOf(4n, { kind: { S: 'nonce.3' } })],
    account,
  )
  expect(row).toMatchObject({ owner: id, claim, remarks: [] })
  expect(row?.damage?.name).toBe('LedgerVersionError')
})

test('a row that looks signed never counts as unsigned', async () => {
  const [row] = await NonceRecord.fromItems(
    [rowOf(4n, { raw: { S: 'junk' } })],
    account,
  )
  expect(NonceRecord.isUnsigned(row!)).toBe(false)
  // Nobody could have put one there before the first.
  const orphan = await attemptOf(5n, 3, {}, theirs)
  const [alone] = await NonceRecord.fromItems([orphan], account)
  expect(alone).toMatchObject({ nextIndex: 0, owner: undefined, attempts: [] })
  // But bytes of ours are signed, wherever they stand.
  const [own] = await NonceRecord.fromItems([await attemptOf(5n, 3)], account)
  expect(own?.nextIndex).toBe(4)
})

test('possible owners of a nonce', async () => {
  for (const owner of [id, 'filler', 'external', undefined]) {
    const given = owner === undefined ? owner : { owner, claim }
    const row = NonceRecord.toItem(account, 4n, given, 7)
    const [record] = await NonceRecord.fromItems([row], account)
    expect(record).toMatchObject({ owner, damage: undefined, remarks: [] })
  }
  expect(NonceRecord.isId(id)).toBe(true)
  for (const other of ['filler', 'external', `${id}0`, undefined])
    expect(NonceRecord.isId(other)).toBe(false)
})

describe('rows of attempts', () => {
  const read = async (...items: Item.Item[]) =>
    (await NonceRecord.fromItems(items, account))[0]!

  test('do not affect who has the nonce', async () => {
    const raw = await ours.sign({ nonce: 4n, value: 6n })
    const proof = { B: NonceRecord.toBytes(raw).toString('base64') }
    const row = { ...(await first(4n)), proof, foundAt: { N: '11' } }
    const later = await attemptOf(4n, 1, { gasPrice: 7n })
    const record = await read(row, later)
    expect(record).toMatchObject({
      ...{ owner: id, claim, createdAt: 7, foreign: { raw, foundAt: 11 } },
      ...{ damage: undefined, remarks: [], nextIndex: 2 },
    })
    expect(record.attempts).toMatchObject([
      { index: 0, signedAt: 8 },
      { index: 1, signedAt: 9 },
    ])
  })

  test('that are damaged are remarks and are not written again', async () => {
    const { raw: _, ...empty } = await attemptOf(4n, 1)
    const wrong = await attemptOf(4n, 2, { gasPrice: 7n })
    const record = await read(await first(4n), empty, {
      ...wrong,
      purpose: { S: 'else' },
    })
    expect(record.damage).toBe(undefined)
    expect(record.remarks.map(({ message }) => message)).toEqual([
      expect.stringContaining('its signed bytes (raw) are missing'),
      expect.stringContaining('its field "purpose" has an unknown value'),
    ])
    expect(record.attempts).toMatchObject([{ index: 0 }, { index: 2 }])
    expect(record.nextIndex).toBe(3)
    expect((await read(await first(4n), empty)).nextIndex).toBe(2)
  })

  test('come after the last one, despite missing ones in between', async () => {
    const rows = [0, 2, 4].map((index) =>
      attemptOf(4n, index, { gasPrice: BigInt(index + 1) }),
    )
    expect((await read(...(await Promise.all(rows)))).nextIndex).toBe(5)
  })

  test('with the same bytes count as one attempt, the first', async () => {
    const row = await first(4n)
    const other = await attemptOf(4n, 1)
    const record = await read(row, { ...other, raw: row.raw! })
    expect(record.attempts).toMatchObject([{ index: 0 }])
    expect(record.attempts).toHaveLength(1)
    expect(record.remarks).toMatchObject([
      {
        message: expect.stringContaining(
          'its signed bytes (raw) are those of another attempt',
        ),
      },
    ])
    expect(record.nextIndex).toBe(2)
  })

  test('may say that they were recognised', async () => {
    const raw = await ours.sign({ nonce: 4n })
    const stored = { index: 1, purpose: 'request', raw, signedAt: 9 } as const
    const of = async (more: object) =>
      await read(NonceRecord.toAttemptItem(account, 4n, { ...stored, ...more }))
    expect((await of({ recognised: true })).attempts).toMatchObject([
      { ...stored, recognised: true },
    ])
    expect((await of({})).attempts[0]).not.toHaveProperty('recognised')
  })

  test('are limited to 9999', async () => {
    expect(await read(await attemptOf(4n, 9998))).toMatchObject({
      ...{ nextIndex: 9999, damage: undefined },
    })
    const { damage } = await read(await attemptOf(4n, 9999))
    expect(damage?.message).toContain(
      'The item for nonce 4 is not valid: it already has attempt 9999, the last one possible',
    )
    const both = await read(
      rowOf(4n, { owner: { S: 'me' } }),
      await attemptOf(4n, 9999),
    )
    expect(both.damage?.message).toContain(
      'its field "owner" is not a transaction id',
    )
  })
})

test('an invalid proof does not affect who has the nonce', async () => {
  const proof = await bytes({ nonce: 5n })
  const [row] = await NonceRecord.fromItems(
    [rowOf(4n, { proof, foundAt: { N: '1' } })],
    account,
  )
  expect(row).toMatchObject({ damage: undefined, foreign: undefined })
  expect(row?.remarks).toHaveLength(1)
})

test("rows of other keys are not a nonce's", async () => {
  const { sk } = NonceRecord.keyOf(account, 4n)
  const others = [`x${sk}`, `${sk}x`, `${sk}#00001`, `${sk}#1`, sk.slice(0, -1)]
  const { sk: _, ...none } = rowOf(4n)
  const rows = others.map((S) => rowOf(4n, { sk: { S } }))
  expect(await NonceRecord.fromItems([...rows, none], account)).toEqual([])
})

test('only invalid content of a row counts as damage', () => {
  expect(NonceRecord.isDamage(new Error())).toBe(false)
})

describe('any junk', () => {
  const value = fc.oneof(
    fc.record({ S: fc.string() }),
    fc.record({
      N: fc.oneof(
        fc.integer().map(String),
        fc.constantFrom('1e300', '-0.5', '9'.repeat(38)),
      ),
    }),
    fc.record({
      B: fc.uint8Array().map((b) => Buffer.from(b).toString('base64')),
    }),
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ NS: fc.array(fc.nat().map(String)) }),
    fc.record({ NULL: fc.constant(true) }),
    fc.record({ L: fc.array(fc.record({ S: fc.string() })) }),
    fc.record({ M: fc.dictionary(fc.string(), fc.record({ S: fc.string() })) }),
    fc.record({ SS: fc.array(fc.string()) }),
  )
  const names = [
    'pk',
    'sk',
    'kind',
    'v',
    'nonce',
    'owner',
    'claim',
    'createdAt',
    'suspectedAt',
    'purpose',
    'raw',
    'signedAt',
    'proof',
    'foundAt',
    'index',
  ]
  const junk = fc.dictionary(fc.constantFrom(...names, '__proto__x'), value, {
    maxKeys: 5,
  })

  test('is read without an error, and yields only our own bytes', async () => {
    const good = [
      await first(3n),
      await attemptOf(3n, 1),
      await attemptOf(4n, 1, {}, theirs),
      rowOf(5n, {
        owner: { S: 'external' },
        foundAt: { N: '1' },
        proof: await bytes({ nonce: 5n }),
      }),
      rowOf(6n),
    ]
    const raws = [
      await bytes({ nonce: 3n }),
      await bytes({ nonce: 3n }, theirs),
      await bytes({ nonce: 4n, chainId: 1 }),
    ]
    const item = fc
      .tuple(
        fc.constantFrom<Item.Item>({}, ...good),
        junk,
        fc.option(fc.constantFrom(...raws)),
      )
      .map(([base, wrong, raw]) => ({
        ...base,
        ...wrong,
        ...(raw === null ? {} : { raw }),
      }))
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 4 }), async (items) => {
        const rows = await NonceRecord.fromItems(items as Item.Item[], account)
        for (const { nonce, attempts, foreign } of rows)
          for (const one of [...attempts, ...(foreign ? [foreign] : [])]) {
            const { from, transaction } = await Transaction.decode(one.raw)
            expect(from.toLowerCase()).toBe(account.address)
            expect(transaction.nonce).toBe(nonce)
            expect(transaction.chainId).toBe(account.chainId)
          }
      }),
      { numRuns: soak ? 500 : 50 },
    )
  })

  test('with one byte changed, bytes are no longer ours', async () => {
    const raw = NonceRecord.toBytes(await ours.sign({ nonce: 3n }))
    await fc.assert(
      fc.asyncProperty(
        fc.nat(raw.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = Buffer.from(raw)
          changed[at] = (changed[at] ?? 0) ^ by
          const [row] = await NonceRecord.fromItems(
            [
              rowOf(3n, {
                purpose: { S: 'request' },
                raw: { B: changed.toString('base64') },
                signedAt: { N: '8' },
              }),
            ],
            account,
          )
          return row?.attempts.length === 0 && row.damage !== undefined
        },
      ),
      { numRuns: soak ? 200 : 50 },
    )
  })
})
