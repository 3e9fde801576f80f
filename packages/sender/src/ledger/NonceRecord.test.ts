import { Transaction } from '@keyward/core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createTestKey } from '../../../../test/support/senderParts.js'
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

  test('an external one has the other transaction, where it is known', async () => {
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
])('%s: damage, which stops nobody else', async (_, fields) => {
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

test('bytes of ours that pay, and say cancel: what they do counts', async () => {
  const fields = { purpose: { S: 'cancel' }, signedAt: { N: '1' } }
  const [row] = await NonceRecord.fromItems(
    [rowOf(4n, { raw: await bytes({ nonce: 4n }), ...fields })],
    account,
  )
  expect(row?.damage).toBe(undefined)
  expect(row?.remarks).toHaveLength(1)
  expect(row?.attempts).toMatchObject([{ purpose: 'request', nonce: 4n }])
})

test('bytes of ours without a purpose: damage, and never unsigned', async () => {
  const [row] = await NonceRecord.fromItems(
    [rowOf(4n, { raw: await bytes({ nonce: 4n }), signedAt: { N: '1' } })],
    account,
  )
  expect(row?.damage?.message).toContain('it has no purpose')
  expect(NonceRecord.isUnsigned(row!)).toBe(false)
})

test('whose a damaged row is, is told all the same', async () => {
  const [row] = await NonceRecord.fromItems(
    [rowOf(4n, { kind: { S: 'nonce.3' } })],
    account,
  )
  expect(row).toMatchObject({ owner: id, claim })
  expect(row?.damage?.name).toBe('LedgerVersionError')
})

test('what looks signed never counts as unsigned', async () => {
  const [row] = await NonceRecord.fromItems(
    [rowOf(4n, { raw: { S: 'junk' } })],
    account,
  )
  expect(NonceRecord.isUnsigned(row!)).toBe(false)
  // Nobody could have put one there before the first.
  const orphan = await attemptOf(5n, 3, {}, theirs)
  const [alone] = await NonceRecord.fromItems([orphan], account)
  expect(alone).toMatchObject({ nextIndex: 0, owner: undefined, attempts: [] })
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

  test('is read without a word, and yields no bytes but our own', async () => {
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
      { numRuns: 500 },
    )
  })

  test('changed in one byte, bytes are no longer ours', async () => {
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
      { numRuns: 200 },
    )
  })
})
