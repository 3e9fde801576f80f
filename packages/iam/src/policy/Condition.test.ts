// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look so.
import { expect, test } from 'vitest'
import * as Condition from './Condition.js'
import type { RequestContext } from './RequestContext.js'

const judge = (
  operator: string,
  values: string[],
  given: ReturnType<RequestContext>,
) =>
  Condition.evaluate(
    Condition.parse(operator, 'a:key', values, true),
    (name) => (name === 'a:key' ? given : 'unknown'),
  )
const role = { pattern: 'arn:aws:iam::111122223333:role/*' }

test.each([
  ['StringLike', ['arn:aws:iam::*'], 'yes'],
  ['StringNotLike', ['arn:aws:iam::*'], 'no'],
  ['StringLike', ['x*', 'arn:aws:iam::*'], 'yes'],
  ['StringLike', ['x*', 'y*'], 'no'],
  ['StringLike', ['arn:aws:iam::111122223333:role/a*'], 'unknown'],
  ['StringEquals', ['arn:aws:iam::111122223333:role/a'], 'no'],
  ['StringNotEquals', ['arn:aws:iam::111122223333:role/a'], 'yes'],
  // The value of a variable and the spelling of a number are unknown.
  ['StringLike', ['${a:other}'], 'unknown'],
  ['StringNotLike', ['${a:other}'], 'unknown'],
  ['NumericEquals', ['1'], 'unknown'],
  ['StringLike', ['${*}'], 'unknown'],
  // Only the whole text decides a match, not the part before a variable.
  ['StringLike', ['arn:*${a:other}'], 'unknown'],
  ['StringEquals', ['x${a:other}'], 'unknown'],
  ['StringEquals', [''], 'no'],
  ['StringNotEquals', [''], 'yes'],
] as const)('%s %j for an unseen value: %s', (operator, values, is) => {
  expect(judge(operator, [...values], role)).toBe(is)
})

test.each([
  ['Null', 'xtrue'],
  ['Null', 'truex'],
  ['IpAddress', 'x10.0.0.0/8x'],
  ['IpAddress', '10.0.0.0/8x'],
  ['IpAddress', 'x/10.0.0.0/8'],
  ['IpAddress', '10.0.0.0/33'],
  ['IpAddress', '::/129'],
  ['ArnLike', 'no:arn'],
  ['DateEquals', '1767312000.x'],
  ['DateEquals', '1767312000.'],
  ['BinaryEquals', 'AAAAA'],
  ['BinaryEquals', 'QQ'],
])('%s does not accept %s', (operator, value) => {
  expect(() => judge(operator, [value], [])).toThrow('is not a valid value for')
})

test.each([
  ['10.0.0.0/8', '10.1.2.3', 'yes'],
  ['10.0.0.0/8', '11.1.2.3', 'no'],
  ['10.0.0.0/32', '10.0.0.0', 'yes'],
  ['10.0.0.7', '10.0.0.7', 'yes'],
  ['10.0.0.7', '10.0.0.8', 'no'],
  ['::/128', '::', 'yes'],
  ['fd00::/8', 'fd12::1', 'yes'],
  ['fd00::/8', '10.1.2.3', 'no'],
  ['0.0.0.0/0', 'fd12::1', 'no'],
])('%s has %s: %s', (range, given, is) => {
  expect(judge('IpAddress', [range], [given])).toBe(is)
})

test.each([
  ['NumericEquals', '1', 'one'],
  ['NumericNotEquals', '1', 'one'],
  ['NumericLessThanEquals', '1', ''],
  ['DateEquals', '2026-01-02', 'today'],
  ['DateNotEquals', '2026-01-02', 'today'],
  ['Bool', 'true', 'yes'],
  ['Bool', 'false', ''],
  ['BinaryEquals', 'QQ==', 'Q'],
  ['IpAddress', '10.0.0.0/8', 'here'],
  ['NotIpAddress', '10.0.0.0/8', 'here'],
])('%s %j for the unreadable value %j is unknown', (operator, value, given) => {
  expect(judge(operator, [value], [given])).toBe('unknown')
})

test.each([
  ['1767312000.25', '2026-01-02T00:00:00.250Z', 'yes'],
  ['1767312000.25', '2026-01-02T00:00:00.200Z', 'no'],
])('DateEquals %s of %s: %s', (value, given, is) => {
  expect(judge('DateEquals', [value], [given])).toBe(is)
})

test.each([
  ['a ${ a:name } b', 'a alice b', 'yes'],
  ["${ a:name , 'x' }", 'alice', 'yes'],
  ['*/${a:name}', 'x/y/alice', 'yes'],
  ['?/${a:name}', 'x/alice', 'yes'],
  ['?/${a:name}', 'xy/alice', 'no'],
  ['${a:other}', 'alice', 'unknown'],
])('StringLike %s of %s: %s', (value, given, is) => {
  const condition = Condition.parse('StringLike', 'a:key', [value], true)
  const context: RequestContext = (name) =>
    ({ 'a:key': [given], 'a:name': ['alice'] })[name] ?? 'unknown'
  expect(Condition.evaluate(condition, context)).toBe(is)
})

test('a variable has the value that the request provides', () => {
  const values = ['team/${a:name}/*', 'fixed/*']
  const condition = Condition.parse('StringLike', 'a:key', values, true)
  const of = (given: string, name: string) =>
    Condition.evaluate(condition, (key) => [key === 'a:key' ? given : name])
  expect(of('team/alice/x', 'alice')).toBe('yes')
  expect(of('team/alice/x', 'bob')).toBe('no')
  expect(of('team/bob/x', 'bob')).toBe('yes')
  expect(of('fixed/x', 'bob')).toBe('yes')
})

test('a variable whose value is not a boolean makes Bool unknown', () => {
  const condition = Condition.parse('Bool', 'a:key', ['${a:other}'], true)
  const of = (other: string) =>
    Condition.evaluate(condition, (key) => [key === 'a:key' ? 'true' : other])
  expect(of('true')).toBe('yes')
  expect(of('maybe')).toBe('unknown')
})

test('text with a variable in it is not a boolean', () => {
  expect(() => judge('Bool', ['yes'], [])).toThrow('is not a valid value for')
  expect(judge('Bool', ['t${a:other}'], ['true'])).toBe('unknown')
})

test('a list without values, with each quantifier', () => {
  const of = (operator: string) => judge(operator, ['x'], [])
  expect(of('ForAllValues:StringEquals')).toBe('yes')
  expect(of('ForAnyValue:StringEquals')).toBe('no')
  expect(of('ForAnyValue:StringEqualsIfExists')).toBe('unknown')
  expect(of('StringEquals')).toBe('no')
  expect(of('StringEqualsIfExists')).toBe('yes')
  expect(of('StringNotEquals')).toBe('yes')
})
