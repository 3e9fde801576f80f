// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look so.
import { describe, expect, test } from 'vitest'
import { PolicyError } from '../PolicyError.js'
import * as Policy from './Policy.js'

const statement = {
  Effect: 'Allow',
  Principal: '*',
  Action: 'kms:Sign',
  Resource: '*',
}
const parse = (more: object, kind: Policy.PolicyKind = 'resource') =>
  Policy.parse(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { ...statement, ...more },
    }),
    kind,
  )

describe('a policy', () => {
  test.each<[string, object | string, string]>([
    ['is cut short', '{"Statement":', 'The policy is not valid JSON.'],
    ['is a list', '[]', 'The policy is not a JSON object.'],
    ['is empty', '{}', 'The policy has no Statement.'],
    ['has no statements', '{"Statement":[]}', 'The policy has no Statement.'],
    [
      'names a member twice',
      '{"Statement":{"Effect":"Deny","E\\u0066fect":"Allow"}}',
      'The member "Effect" occurs twice in one object.',
    ],
    [
      'has an unknown version',
      '{"Version":"2013","Statement":[]}',
      'The policy has an unknown Version.',
    ],
    [
      'has an unknown element',
      '{"statement":[]}',
      'The policy has an unknown element "statement".',
    ],
    [
      'has a statement that is text',
      '{"Statement":["x"]}',
      'A statement is not an object.',
    ],
    [
      'has a misspelt element',
      { NotAktion: 'x' },
      'The statement has an unknown element "NotAktion".',
    ],
    [
      'has an effect in lower case',
      { Effect: 'allow' },
      'A statement has an Effect that is not Allow or Deny.',
    ],
    [
      'has Action and NotAction',
      { NotAction: 'kms:Sign' },
      'A statement needs one of Action and NotAction.',
    ],
    [
      'has no Resource',
      { Resource: undefined },
      'A statement needs one of Resource and NotResource.',
    ],
    [
      'has no Principal',
      { Principal: undefined },
      'A statement needs one of Principal and NotPrincipal.',
    ],
    [
      'has an empty list of actions',
      { Action: [] },
      'A statement has a wrong Action.',
    ],
    [
      'has an empty list of resources',
      { Resource: [] },
      'A statement has a wrong Resource.',
    ],
    [
      'has an action of no service',
      { Action: 'Sign' },
      '"Sign" is not an action such as kms:Sign.',
    ],
    [
      'has a wildcard for a service',
      { Action: 'k*:Sign' },
      '"k*:Sign" is not an action such as kms:Sign.',
    ],
    [
      'has a number as action',
      { Action: 1 },
      'A statement has a wrong Action.',
    ],
    [
      'has a resource of no form',
      { Resource: 'key/1' },
      '"key/1" is neither "*" nor an ARN.',
    ],
    [
      'has a principal of text',
      { Principal: 'me' },
      'A principal is neither "*" nor an object.',
    ],
    ['has no principals', { Principal: {} }, 'A principal is empty.'],
    [
      'has an empty list of principals',
      { Principal: { AWS: [] } },
      'The principals of type AWS are no strings.',
    ],
    [
      'has a wildcard in a principal',
      { Principal: { AWS: 'arn:aws:iam::000000000000:role/*' } },
      '"arn:aws:iam::000000000000:role/*" names no principal of type AWS.',
    ],
    [
      'has a group as principal',
      { Principal: { AWS: 'arn:aws:iam::000000000000:group/g' } },
      '"arn:aws:iam::000000000000:group/g" names no principal of type AWS.',
    ],
    [
      'has an unknown type of principal',
      { Principal: { Aws: '*' } },
      'There are no principals of type Aws.',
    ],
    [
      'has a service by ARN',
      { Principal: { Service: '*' } },
      '"*" names no principal of type Service.',
    ],
    [
      'has a condition of no keys',
      { Condition: { Bool: {} } },
      'The Condition Bool names no keys.',
    ],
    [
      'has a condition without a value',
      { Condition: { Bool: { 'a:b': [] } } },
      'The condition on a:b has no value.',
    ],
    [
      'has a condition on null',
      { Condition: { Bool: { 'a:b': null } } },
      'The condition on a:b has a value of no text.',
    ],
    [
      'names a key in two cases',
      { Condition: { Bool: { 'a:b': true, 'A:B': false } } },
      'The Condition Bool names a key twice.',
    ],
    [
      'compares with no number',
      { Condition: { NumericEquals: { 'a:b': '1e3' } } },
      '"1e3" is no value for NumericEquals of a:b.',
    ],
    [
      'compares with no date',
      { Condition: { DateEquals: { 'a:b': 'today' } } },
      '"today" is no value for DateEquals of a:b.',
    ],
    [
      'compares with no ARN',
      { Condition: { ArnLike: { 'a:b': '*' } } },
      '"*" is no value for ArnLike of a:b.',
    ],
    [
      'compares with no truth',
      { Condition: { Bool: { 'a:b': 'yes' } } },
      '"yes" is no value for Bool of a:b.',
    ],
    [
      'asks Null of no truth',
      { Condition: { Null: { 'a:b': '' } } },
      '"" is no value for Null of a:b.',
    ],
    [
      'has half a variable',
      { Condition: { StringEquals: { 'a:b': '${a:b' } } },
      '"${a:b" has a broken variable.',
    ],
    [
      'has a variable of no form',
      { Condition: { StringEquals: { 'a:b': '${x}' } } },
      '${x} is not a policy variable.',
    ],
    [
      'has two statements of one Sid',
      '{"Statement":[{"Sid":"a","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}',
      'The policy has two statements of the same Sid.',
    ],
  ])('that %s is refused', (_, given, expected) => {
    const read = () =>
      typeof given === 'string' ? Policy.parse(given, 'resource') : parse(given)
    expect(read).toThrow(PolicyError)
    expect(read).toThrow(expected)
  })

  test('of an identity names no principal', () => {
    expect(() => parse({}, 'identity')).toThrow(
      new PolicyError('The statement has an unknown element "Principal".'),
    )
    expect(parse({ Principal: undefined }, 'identity').statements).toHaveLength(
      1,
    )
  })

  test('of trust names no resource', () => {
    expect(() => parse({}, 'trust')).toThrow(
      new PolicyError('The statement has an unknown element "Resource".'),
    )
    expect(parse({ Resource: undefined }, 'trust').statements).toHaveLength(1)
  })
})
