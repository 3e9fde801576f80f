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
  // What a variable stands for, or how a number is written, is not seen.
  ['StringLike', ['${a:other}'], 'unknown'],
  ['StringNotLike', ['${a:other}'], 'unknown'],
  ['NumericEquals', ['1'], 'unknown'],
  ['StringLike', ['${*}'], 'unknown'],
] as const)('%s %j of a value that is not seen: %s', (operator, values, is) => {
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
])('%s takes no %s', (operator, value) => {
  expect(() => judge(operator, [value], [])).toThrow('is not a value that')
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

test('a list without values, with each quantifier', () => {
  const of = (operator: string) => judge(operator, ['x'], [])
  expect(of('ForAllValues:StringEquals')).toBe('yes')
  expect(of('ForAnyValue:StringEquals')).toBe('no')
  expect(of('ForAnyValue:StringEqualsIfExists')).toBe('unknown')
  expect(of('StringEquals')).toBe('no')
  expect(of('StringEqualsIfExists')).toBe('yes')
  expect(of('StringNotEquals')).toBe('yes')
})
