import { describe, expect, test } from 'vitest'
import * as Item from './Item.js'

const keys = { pk: { S: 'a' }, sk: { S: 'b' } }
const item = { ...keys, ...Item.create('head', {}) }
/** As any type, since somebody else may have written it. */
const readerOf = (value?: unknown) =>
  Item.read(
    (value === undefined ? item : { ...item, it: value }) as Item.Item,
    'head',
  )
const reasonOf = (work: () => unknown) => {
  try {
    return work()
  } catch (error) {
    const { message } = error as Error
    return message
      .split('\n')[0]
      ?.replace('The item at pk="a" sk="b" is not valid: ', '')
  }
}

describe('the kind and version', () => {
  test.each<[name: string, fields: object, reason: string]>([
    ['no kind', { kind: undefined }, 'its field "kind" must be "head.2".'],
    [
      'another kind',
      { kind: { S: 'lease.2' } },
      'its field "kind" must be "head.2".',
    ],
    [
      'the first version, which has none',
      { kind: { S: 'head' } },
      'The item at pk="a" sk="b" has ledger version 1, but this version of Keyward supports only version 2.',
    ],
    [
      'another version beside it',
      { v: { N: '3' } },
      'its field "v" must be 2.',
    ],
  ])('%s', (_, fields, reason) => {
    const changed = { ...item, ...fields } as Item.Item
    expect(reasonOf(() => Item.read(changed, 'head'))).toBe(reason)
  })
})

type Row = [read: keyof Item.Reader, value: unknown, answer: unknown]
const whole = 'its field "it" is not a whole number.'
const otherType = 'its field "it" has the wrong type.'
test.each<Row>([
  ['text', { S: 'x' }, 'x'],
  ['text', { S: '' }, ''],
  ['text', undefined, 'it has no field "it".'],
  ['optionalText', undefined, undefined],
  ['optionalText', { N: '1' }, otherType],
  ['optionalText', { S: 1 }, otherType],
  ['bigint', { N: '9'.repeat(20) }, BigInt('9'.repeat(20))],
  ['bigint', { N: '9'.repeat(21) }, whole],
  ['bigint', { N: '-1' }, whole],
  ['bigint', { N: '1.5' }, whole],
  ['bigint', { N: 1 }, whole],
  ['bigint', { S: '1' }, otherType],
  ['bigint', undefined, 'it has no field "it".'],
  ['optionalBigint', undefined, undefined],
  ['number', { N: '7' }, 7],
  ['number', undefined, 'it has no field "it".'],
  ['optionalNumber', undefined, undefined],
  ['time', { N: '8640000000000000' }, 8.64e15],
  ['time', { N: '8640000000000001' }, 'its field "it" is not a valid time.'],
  ['time', undefined, 'it has no field "it".'],
  ['optionalTime', undefined, undefined],
  ['amount', { S: '9'.repeat(78) }, BigInt('9'.repeat(78))],
  ['amount', { S: '0' }, 0n],
  ['amount', { S: '9'.repeat(79) }, 'its field "it" is not an amount.'],
  ['amount', { S: '' }, 'its field "it" is not an amount.'],
  ['amount', { S: '-1' }, 'its field "it" is not an amount.'],
  ['amount', { S: '1 ' }, 'its field "it" is not an amount.'],
  ['amount', { S: '0x1' }, 'its field "it" is not an amount.'],
  ['amount', { N: '1' }, otherType],
  ['amount', undefined, 'it has no field "it".'],
  ['optionalBytes', { B: 'q80=' }, Buffer.from('abcd', 'hex')],
  ['optionalBytes', undefined, undefined],
  ['optionalBytes', { S: 'q80=' }, otherType],
  ['flag', { BOOL: true }, true],
  ['flag', { BOOL: false }, false],
  ['flag', { S: 'true' }, otherType],
  ['flag', undefined, false],
  ['numbers', { NS: ['1', '20'] }, ['1', '20']],
  ['numbers', undefined, []],
  ['numbers', { NS: 'x' }, 'its field "it" is not a set.'],
  ['numbers', { N: '1' }, otherType],
])('%s of %j', (read, value, answer) => {
  const reader = readerOf(value)
  const ask = reader[read] as (name: string) => unknown
  expect(reasonOf(() => ask('it'))).toEqual(answer)
})

test('one of some', () => {
  const oneOf = (value?: unknown) =>
    reasonOf(() => readerOf(value).oneOf('it', ['a', 'b']))
  expect(oneOf({ S: 'b' })).toBe('b')
  expect(oneOf({ S: 'c' })).toBe('its field "it" has an unknown value.')
  expect(oneOf()).toBe('it has no field "it".')
})

test('inherited properties are not attributes', () => {
  expect(readerOf().optionalText('constructor')).toBe(undefined)
})

test('a place is described by its keys, cut and quoted', () => {
  expect(Item.placeOf({ pk: { S: 'x'.repeat(99) }, sk: { S: '"' } })).toBe(
    `pk="${'x'.repeat(79)} sk="\\""`,
  )
  expect(Item.placeOf({})).toBe('pk="" sk=""')
  expect(Item.placeOf({ pk: { N: '1' } } as Item.Item)).toBe('pk="" sk=""')
})

test('undefined values are not written', () => {
  const bytes = new Uint8Array([0xab, 0xcd])
  expect(
    Item.create('lease', {
      ...{ text: 'x', whole: 7n, number: 5, flag: false, bytes },
      none: undefined,
    }),
  ).toEqual({
    ...{ kind: { S: 'lease.2' }, v: { N: '2' }, text: { S: 'x' } },
    ...{ whole: { N: '7' }, number: { N: '5' }, flag: { BOOL: false } },
    bytes: { B: 'q80=' },
  })
})
