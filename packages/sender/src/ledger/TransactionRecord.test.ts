import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import * as SendRequest from '../request/SendRequest.js'
import { LedgerItemError } from './errors.js'
import type * as Item from './Item.js'
import * as TransactionRecord from './TransactionRecord.js'

const account = { chainId: 1, address: `0x${'11'.repeat(20)}` } as const
const request: SendRequest.SendRequest = {
  to: `0x${'77'.repeat(20)}`,
  value: 5n,
  data: '0xabcd',
  gas: 50_000n,
  accessList: [
    { address: `0x${'22'.repeat(20)}`, storageKeys: [`0x${'33'.repeat(32)}`] },
  ],
  speed: 'fast',
  maxFeePerGas: 10n,
  maxPriorityFeePerGas: 1n,
  validUntil: 1_800_000_000_000,
  notARepeat: true,
  idempotencyKey: 'order-17',
}
const record = {
  id: SendRequest.transactionId('shop', request.idempotencyKey),
  caller: 'shop',
  account,
  request,
  requestHash: SendRequest.hash(request, account),
  createdAt: 1_767_225_600_000,
}
const item = TransactionRecord.toItem(record)
const change = (fields: Record<string, unknown>) =>
  ({ ...item, ...fields }) as Item.Item
const reasonOf = (fields: Record<string, unknown>) => {
  try {
    TransactionRecord.fromItem(change(fields))
    return undefined
  } catch (error) {
    const message = (error as LedgerItemError).shortMessage
    return message.replace(/^The item at pk=.* sk="tx" (?:is )?/, '')
  }
}

test('a newly written row', () => {
  expect(TransactionRecord.fromItem(item)).toEqual({
    ...record,
    status: 'accepted',
    refusals: 0,
    final: false,
    nonce: undefined,
    claim: undefined,
    hash: undefined,
    blockNumber: undefined,
    blockHash: undefined,
    receiptStatus: undefined,
    reason: undefined,
    problem: undefined,
    cancelRequested: false,
    updatedAt: record.createdAt,
    undelivered: false,
    adopted: false,
    revision: 0,
  })
})

test('its outline is read from the requested attributes, without the payload', () => {
  const { payload: _, ...rest } = item
  const names = TransactionRecord.outlineAttributes
  const some = Object.fromEntries(
    Object.entries(item).filter(([name]) => names.includes(name)),
  )
  const { request: whole, ...outline } = TransactionRecord.fromItem(item)
  const { data: __, accessList: ___, ...terms } = whole
  expect(TransactionRecord.outlineFromItem(some)).toEqual({
    ...outline,
    request: terms,
  })
  expect(reasonOf({ payload: undefined })).toBe(
    "not valid: its request can't be read, is not valid, or does not match its payload.",
  )
  expect(Object.keys(rest)).not.toContain('payload')
})

test('a request is shared by its readers, so nobody can change it', () => {
  // No other test has read this row, so it is not remembered yet.
  const fresh = { ...request, idempotencyKey: 'order-18' }
  const row = TransactionRecord.toItem({
    ...record,
    id: SendRequest.transactionId('shop', fresh.idempotencyKey),
    request: fresh,
    requestHash: SendRequest.hash(fresh, account),
  })
  const { request: whole } = TransactionRecord.fromItem(row)
  expect(TransactionRecord.fromItem(row).request).toBe(whole)
  const [entry] = whole.accessList
  const { request: terms } = TransactionRecord.outlineFromItem(row)
  expect(TransactionRecord.outlineFromItem(row).request).toBe(terms)
  for (const part of [
    ...[whole, whole.accessList, entry, entry?.storageKeys, terms],
  ])
    expect(Object.isFrozen(part)).toBe(true)
})

test('all known fields are read', () => {
  const of = (fields: Record<string, unknown>) =>
    TransactionRecord.fromItem(change(fields))
  expect(
    of({
      ...{ status: s('mined'), final: { BOOL: true }, nonce: { N: '3' } },
      ...{ claim: s('c'), hash: s('0xaa'), blockNumber: { N: '7' } },
      ...{ blockHash: s('0xbb'), receiptStatus: s('reverted') },
      ...{ reasonCode: s('code'), reasonText: s('text'), problem: s('late') },
      ...{ refusals: { N: '2' }, cancelRequested: { BOOL: true } },
      ...{ updatedAt: { N: '5' }, undelivered: { BOOL: true } },
      ...{ adopted: { BOOL: true }, revision: { N: '9' } },
    }),
  ).toEqual({
    ...record,
    ...{ status: 'mined', final: true, nonce: 3n, claim: 'c', hash: '0xaa' },
    ...{ blockNumber: 7n, blockHash: '0xbb', receiptStatus: 'reverted' },
    ...{ reason: { code: 'code', text: 'text' }, problem: 'late', refusals: 2 },
    ...{ cancelRequested: true, updatedAt: 5, undelivered: true },
    ...{ adopted: true, revision: 9 },
  })
  expect(of({ receiptStatus: s('succeeded') }).receiptStatus).toBe('succeeded')
  expect(of({ reasonCode: s('code') }).reason).toEqual({
    ...{ code: 'code', text: '' },
  })
})

test("only a list's last entry tells where the list continues", () => {
  const last = { id: record.id, createdAt: 7 }
  const key = TransactionRecord.toStartKey(account, 'shop', last)
  expect(key).toEqual({
    pk: s(`tx#${record.id}`),
    sk: s('tx'),
    callerOf: s(`1#${account.address}#shop`),
    created: s(`00000000000007#${record.id}`),
  })
  expect(TransactionRecord.fromStartKey(key)).toEqual(last)
  const { S: created } = key.created as { S: string }
  for (const other of [
    undefined,
    {},
    { created: { N: '1' } },
    ...[` ${created}`, `${created} `, created.slice(1), created.slice(0, -1)]
      .concat(created.replace('#', '-'), created.toUpperCase())
      .map((text) => ({ created: s(text) })),
  ])
    expect(TransactionRecord.fromStartKey(other)).toBe(undefined)
})

const s = (text: string) => ({ S: text })
const termsOf = (more: object) =>
  JSON.stringify({ ...JSON.parse((item.request as { S: string }).S), ...more })
const resealed = (more: object) => {
  const terms = termsOf(more)
  return {
    request: s(terms),
    requestHash: s(SendRequest.hashTerms(terms, account)),
  }
}
test.each<[string, Record<string, unknown>, string]>([
  [
    'another kind',
    { kind: s('nonce.2') },
    'not valid: its field "kind" must be "transaction.2".',
  ],
  [
    'another version',
    { kind: s('transaction.1') },
    'has ledger version 1, but this version of Keyward supports only version 2.',
  ],
  [
    'a v that the kind does not say',
    { v: { N: '3' } },
    'not valid: its field "v" must be 2.',
  ],
  [
    'the key of another',
    { pk: s('tx#0') },
    'not valid: its id differs from the id in its key (pk).',
  ],
  [
    'another chain',
    { chainId: { N: '2' } },
    'not valid: its request does not match its requestHash.',
  ],
  [
    'another account',
    { address: s(`0x${'12'.repeat(20)}`) },
    'not valid: its request does not match its requestHash.',
  ],
  [
    'an address that is none',
    { address: s('0x11') },
    'not valid: its field "address" is not a lowercase address.',
  ],
  [
    'an address that is longer',
    { address: s(`${account.address}0`) },
    'not valid: its field "address" is not a lowercase address.',
  ],
  [
    'an address that begins before',
    { address: s(`0${account.address}`) },
    'not valid: its field "address" is not a lowercase address.',
  ],
  [
    'another caller',
    { caller: s('thief') },
    'not valid: its id does not match its caller and idempotency key.',
  ],
  [
    'another request',
    { request: s(termsOf({ value: '6' })) },
    'not valid: its request does not match its requestHash.',
  ],
  [
    'a request that is not valid',
    resealed({ gas: '1' }),
    "not valid: its request can't be read, is not valid, or does not match its payload.",
  ],
  [
    'a request that is no JSON',
    { request: s('{') },
    "not valid: its request can't be read, is not valid, or does not match its payload.",
  ],
  [
    'a payload that is not its own',
    resealed({ payload: '00' }),
    "not valid: its request can't be read, is not valid, or does not match its payload.",
  ],
  [
    'an unknown status',
    { status: s('paid') },
    'not valid: its field "status" has an unknown value.',
  ],
  [
    'an unknown end',
    { receiptStatus: s('paid') },
    'not valid: its field "receiptStatus" has an unknown value.',
  ],
  [
    'no time',
    { createdAt: undefined },
    'not valid: it has no field "createdAt".',
  ],
  [
    'a time that no date has',
    { updatedAt: { N: '9000000000000000' } },
    'not valid: its field "updatedAt" is not a valid time.',
  ],
  [
    'a nonce that is none',
    { nonce: { N: '-1' } },
    'not valid: its field "nonce" is not a whole number.',
  ],
  [
    'a nonce of another type',
    { nonce: s('1') },
    'not valid: its field "nonce" has the wrong type.',
  ],
])('%s is refused', (_, fields, expected) => {
  expect(reasonOf(fields)).toBe(expected)
})

describe('any one byte changed', () => {
  const fieldsOf = {
    id: item.id,
    caller: item.caller,
    request: item.request,
    requestHash: item.requestHash,
    payload: item.payload,
  } as Record<string, { S: string }>
  test.each(Object.keys(fieldsOf))('of its %s is refused', (name) => {
    const text = Buffer.from(fieldsOf[name]!.S)
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.integer({ min: 1, max: 127 }),
        (at, by) => {
          const changed = Buffer.from(text)
          changed[at] = (changed[at] ?? 0) ^ by
          expect(() =>
            TransactionRecord.fromItem(
              change({ [name]: s(changed.toString()) }),
            ),
          ).toThrow(LedgerItemError)
        },
      ),
      { numRuns: soak ? 300 : 50 },
    )
  })

  test.each(Object.keys(fieldsOf))('cut or added to its %s too', (name) => {
    const text = fieldsOf[name]!.S
    for (const changed of [
      text.slice(1),
      text.slice(0, -1),
      `${text} `,
      ` ${text}`,
      '',
    ])
      expect(() =>
        TransactionRecord.fromItem(change({ [name]: s(changed) })),
      ).toThrow(LedgerItemError)
  })
})

test('junk is refused by a typed error', () => {
  const value = fc.oneof(
    fc.record({ S: fc.string() }),
    fc.record({ N: fc.integer().map(String) }),
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ NULL: fc.constant(true) }),
    fc.record({ L: fc.array(fc.record({ S: fc.string() })) }),
    fc.constant(undefined),
  )
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom(
          ...Object.keys(item).filter((name) => !/^[ps]k$/.test(name)),
          'nonce',
          'claim',
          'hash',
          'final',
          'blockNumber',
          'receiptStatus',
          'reasonCode',
          'revision',
        ),
        value,
        { minKeys: 1 },
      ),
      (fields) => {
        const reason = reasonOf(fields)
        return reason === undefined || /^(not valid|of version)/.test(reason)
      },
    ),
    { numRuns: soak ? 1000 : 100 },
  )
})
