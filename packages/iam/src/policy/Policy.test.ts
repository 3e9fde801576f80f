// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look so.
import { describe, expect, test } from 'vitest'
import { PolicyError } from '../PolicyError.js'
import { account, arnOf } from './cases/Fact.js'
import * as Policy from './Policy.js'
import * as PrincipalElement from './PrincipalElement.js'

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
      'The policy has an unknown Version. Use "2012-10-17".',
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
      'has a statement that is null',
      '{"Statement":[null]}',
      'A statement is not an object.',
    ],
    [
      'has a statement that is a list',
      '{"Statement":[["x"]]}',
      'A statement is not an object.',
    ],
    [
      'has a number as Sid',
      { Sid: 1 },
      'The Sid of a statement must be a string.',
    ],
    [
      'has a misspelt element',
      { NotAktion: 'x' },
      'A statement has an unknown element "NotAktion".',
    ],
    [
      'has an effect in lower case',
      { Effect: 'allow' },
      'The Effect of a statement must be Allow or Deny.',
    ],
    [
      'has Action and NotAction',
      { NotAction: 'kms:Sign' },
      'A statement needs either Action or NotAction.',
    ],
    [
      'has no Resource',
      { Resource: undefined },
      'A statement needs either Resource or NotResource.',
    ],
    [
      'has no Principal',
      { Principal: undefined },
      'A statement needs either Principal or NotPrincipal.',
    ],
    [
      'has an empty list of actions',
      { Action: [] },
      'Action must be a string or a non-empty list of strings.',
    ],
    [
      'has an empty list of resources',
      { Resource: [] },
      'Resource must be a string or a non-empty list of strings.',
    ],
    [
      'has an action of no service',
      { Action: 'Sign' },
      '"Sign" is not a valid action. Use "*" or a form such as kms:Sign.',
    ],
    [
      'has a wildcard for a service',
      { Action: 'k*:Sign' },
      '"k*:Sign" is not a valid action. Use "*" or a form such as kms:Sign.',
    ],
    [
      'has a number as action',
      { Action: 1 },
      'Action must be a string or a non-empty list of strings.',
    ],
    [
      'has a number in a list of actions',
      { Action: ['kms:Sign', 1] },
      'Action must be a string or a non-empty list of strings.',
    ],
    [
      'has an action behind other text',
      { Action: '!kms:Sign' },
      '"!kms:Sign" is not a valid action. Use "*" or a form such as kms:Sign.',
    ],
    [
      'has an action before other text',
      { Action: 'kms:Sign!' },
      '"kms:Sign!" is not a valid action. Use "*" or a form such as kms:Sign.',
    ],
    [
      'has an ARN behind other text',
      { Resource: 'x-arn:aws:kms' },
      'The resource "x-arn:aws:kms" is neither "*" nor an ARN.',
    ],
    [
      'has a variable behind other text',
      { Resource: 'x${aws:username}' },
      'The resource "x${aws:username}" is neither "*" nor an ARN.',
    ],
    [
      'has a resource of no form',
      { Resource: 'key/1' },
      'The resource "key/1" is neither "*" nor an ARN.',
    ],
    [
      'has a principal of text',
      { Principal: 'me' },
      'Principal must be "*" or an object such as {"AWS": "ARN"}.',
    ],
    [
      'has null as principal',
      { Principal: null },
      'Principal must be "*" or an object such as {"AWS": "ARN"}.',
    ],
    [
      'has an account as a number',
      { Principal: { AWS: 111122223333 } },
      'Principals of type AWS must be a string or a non-empty list of strings.',
    ],
    [
      'has a number in a list of principals',
      { Principal: { AWS: ['*', 111122223333] } },
      'Principals of type AWS must be a string or a non-empty list of strings.',
    ],
    [
      'has a service among users and roles',
      { Principal: { AWS: 'lambda.amazonaws.com' } },
      '"lambda.amazonaws.com" does not name a principal of type AWS.',
    ],
    [
      'has a user among services',
      { Principal: { Service: 'arn:aws:iam::000000000000:user/u' } },
      '"arn:aws:iam::000000000000:user/u" does not name a principal of type Service.',
    ],
    [
      'has no principals',
      { Principal: {} },
      'Principal must not be an empty object.',
    ],
    [
      'has an empty list of principals',
      { Principal: { AWS: [] } },
      'Principals of type AWS must be a string or a non-empty list of strings.',
    ],
    [
      'has a wildcard in a principal',
      { Principal: { AWS: 'arn:aws:iam::000000000000:role/*' } },
      '"arn:aws:iam::000000000000:role/*" has a wildcard, which is not allowed within a principal. Use its full ARN, or match it with a condition on aws:PrincipalArn.',
    ],
    [
      'has a group as principal',
      { Principal: { AWS: 'arn:aws:iam::000000000000:group/g' } },
      '"arn:aws:iam::000000000000:group/g" does not name a principal of type AWS.',
    ],
    [
      'has an unknown type of principal',
      { Principal: { Aws: '*' } },
      '"Aws" is not a valid principal type. Use AWS, Service, Federated or ' +
        'CanonicalUser.',
    ],
    [
      'has a service by ARN',
      { Principal: { Service: '*' } },
      '"*" does not name a principal of type Service.',
    ],
    [
      'has a condition that is text',
      { Condition: 'x' },
      'The Condition of a statement must be an object.',
    ],
    [
      'has a condition of no keys',
      { Condition: { Bool: {} } },
      'The condition operator "Bool" has no condition keys.',
    ],
    [
      'has a condition without a value',
      { Condition: { Bool: { 'a:b': [] } } },
      'The condition on "a:b" has no value.',
    ],
    [
      'has a condition on null',
      { Condition: { Bool: { 'a:b': null } } },
      'The condition on "a:b" has a value that is not a string, number or boolean.',
    ],
    [
      'names a key in two cases',
      { Condition: { Bool: { 'a:b': true, 'A:B': false } } },
      'The condition operator "Bool" has two condition keys that differ only in case.',
    ],
    [
      'compares with no number',
      { Condition: { NumericEquals: { 'a:b': '1e3' } } },
      '"1e3" is not a valid value for the operator "NumericEquals" (condition key "a:b").',
    ],
    [
      'compares with no date',
      { Condition: { DateEquals: { 'a:b': 'today' } } },
      '"today" is not a valid value for the operator "DateEquals" (condition key "a:b").',
    ],
    [
      'compares with no ARN',
      { Condition: { ArnLike: { 'a:b': '*' } } },
      '"*" is not a valid value for the operator "ArnLike" (condition key "a:b").',
    ],
    [
      'compares with no truth',
      { Condition: { Bool: { 'a:b': 'yes' } } },
      '"yes" is not a valid value for the operator "Bool" (condition key "a:b").',
    ],
    [
      'asks Null of no truth',
      { Condition: { Null: { 'a:b': '' } } },
      '"" is not a valid value for the operator "Null" (condition key "a:b").',
    ],
    [
      'has half a variable',
      { Condition: { StringEquals: { 'a:b': '${a:b' } } },
      '"${a:b" has a policy variable without a closing brace.',
    ],
    [
      'has a variable within one that is not closed',
      { Condition: { StringEquals: { 'a:b': '${a:b ${a:c}' } } },
      '"${a:b ${a:c}" has a policy variable without a closing brace.',
    ],
    [
      'has a variable of no form',
      { Condition: { StringEquals: { 'a:b': '${x}' } } },
      '"${x}" is not a valid policy variable. Use a form such as ${aws:username}.',
    ],
    [
      'has two statements of one Sid',
      '{"Statement":[{"Sid":"a","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}',
      'The policy has two statements with the same Sid.',
    ],
  ])('that %s is refused', (_, given, expected) => {
    const read = () =>
      typeof given === 'string' ? Policy.parse(given, 'resource') : parse(given)
    expect(read).toThrow(PolicyError)
    expect(read).toThrow(expected)
  })

  test.each<[unknown, Partial<PrincipalElement.PrincipalElement>]>([
    ['*', { everyone: true }],
    [{ AWS: '*' }, { everyone: true }],
    [{ AWS: account }, { accounts: [account] }],
    [{ AWS: arnOf('root') }, { accounts: [account] }],
    [{ AWS: [arnOf('user/a')] }, { arns: [arnOf('user/a')] }],
    [{ Service: 'a.amazonaws.com' }, { services: ['a.amazonaws.com'] }],
    [{ Federated: 'accounts.google.com' }, {}],
  ])('that contains %j names only these principals', (value, named) => {
    expect(PrincipalElement.parse(value)).toEqual({
      ...{ everyone: false, accounts: [], arns: [], services: [] },
      ...named,
    })
  })

  test('of an identity must not name a principal', () => {
    expect(() => parse({}, 'identity')).toThrow(
      new PolicyError(
        `A statement has the element "Principal", which this kind of policy doesn't allow.`,
      ),
    )
    expect(parse({ Principal: undefined }, 'identity').statements).toHaveLength(
      1,
    )
  })

  test("of a role's trust must not name a resource", () => {
    expect(() => parse({}, 'trust')).toThrow(
      new PolicyError(
        `A statement has the element "Resource", which this kind of policy doesn't allow.`,
      ),
    )
    expect(parse({ Resource: undefined }, 'trust').statements).toHaveLength(1)
  })
})
