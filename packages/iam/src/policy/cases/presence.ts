import {
  account,
  all,
  allow,
  type Fact,
  lambda,
  other,
  root,
  session,
  when,
} from './Fact.js'

const operators = 'reference_policies_elements_condition_operators'
const a = (operator: string, value: unknown, given?: string | string[]) =>
  when(
    { [operator]: { 'a:b': value } },
    given === undefined ? {} : { 'a:b': given },
  )

/** Keys that a request lacks: negation, IfExists and Null. */
export const presence: Fact[] = [
  {
    page: operators,
    says: 'A key that is not in the request does not match.',
    cases: all(
      'denied',
      a('StringEquals', '', []),
      a('StringLike', '*', []),
      a('ArnLike', 'arn:*:*:*:*:*', []),
      a('NumericLessThan', '30', []),
      a('NumericGreaterThanEquals', '0', []),
      a('DateGreaterThan', '1970-01-01', []),
      a('Bool', 'false', []),
      a('IpAddress', '0.0.0.0/0', []),
    ),
    twins: [
      ...all('allowed', a('StringLike', '*', 'x'), a('StringEquals', '', '')),
      ...all('unknown', a('StringLike', '*'), a('Bool', 'false')),
    ],
  },
  {
    page: operators,
    says: 'If a negated operator finds no key, the condition is true.',
    cases: all(
      'allowed',
      a('StringNotEquals', 'x', []),
      a('StringNotEqualsIgnoreCase', 'x', []),
      a('StringNotLike', '*', []),
      a('ArnNotEquals', 'arn:aws:s3:::x', []),
      a('ArnNotLike', 'arn:*:*:*:*:*', []),
      a('NumericNotEquals', '1', []),
      a('DateNotEquals', '2026-01-01', []),
      a('NotIpAddress', '0.0.0.0/0', []),
    ),
    twins: [
      ...all('denied', a('StringNotLike', '*', 'x')),
      ...all('unknown', a('StringNotEquals', 'x')),
    ],
  },
  {
    page: operators,
    says: 'IfExists holds if the key is missing, and otherwise compares as usual.',
    cases: all(
      'allowed',
      a('StringEqualsIfExists', 'x', []),
      a('StringEqualsIfExists', 'x', 'x'),
      a('StringLikeIfExists', 'x*', []),
      a('NumericLessThanIfExists', '5', []),
      a('BoolIfExists', 'false', []),
      a('BoolIfExists', 'false', 'false'),
      a('IpAddressIfExists', '10.0.0.0/8', []),
      a('StringNotEqualsIfExists', 'x', []),
    ),
    twins: [
      ...all(
        'denied',
        a('StringEqualsIfExists', 'x', 'y'),
        a('BoolIfExists', 'false', 'true'),
        a('StringNotEqualsIfExists', 'x', 'x'),
        // Other conditions of the statement must still hold.
        when(
          { StringEqualsIfExists: { 'a:b': 'x' }, Bool: { 'a:c': 'true' } },
          { 'a:b': [], 'a:c': [] },
        ),
      ),
      ...all('unknown', a('StringEqualsIfExists', 'x')),
    ],
  },
  {
    page: operators,
    says: 'Null true holds if the key is missing, Null false if it is present.',
    cases: all(
      'allowed',
      a('Null', 'true', []),
      a('Null', true, []),
      a('Null', 'false', 'x'),
      a('Null', 'false', ['x', 'y']),
      a('Null', ['true', 'false'], 'x'),
    ),
    twins: [
      ...all(
        'denied',
        a('Null', 'true', 'x'),
        a('Null', 'false', []),
        a('Null', false, []),
      ),
      ...all('unknown', a('Null', 'true'), a('Null', 'false')),
    ],
  },
  {
    page: operators,
    says: 'Every operator except Null accepts IfExists.',
    cases: all('unknown', a('NullIfExists', 'true', 'x')),
    twins: all('allowed', a('BoolIfExists', 'true', 'true')),
  },
]

const keys = 'reference_policies_condition-keys'
const is = (key: string, value: string, more = {}) =>
  when({ StringEquals: { [key]: value } }, {}, more)
const service = (Condition: object, more = {}) => ({
  ...{ by: lambda, resource: '*', ...more },
  policy: [allow({ Service: lambda.service }, { Condition })],
})
const rule = `arn:aws:events:us-east-1:${account}:rule/r`
const from = (ArnLike: string) => ({ ArnLike: { 'aws:SourceArn': ArnLike } })

/** Keys that identify the caller and its purpose. */
export const callers: Fact[] = [
  {
    page: keys,
    says: 'aws:PrincipalType distinguishes users, sessions, accounts and federated users.',
    cases: all(
      'allowed',
      is('aws:PrincipalType', 'User'),
      is('aws:PrincipalType', 'Account', {
        by: root,
      }),
      is('aws:PrincipalType', 'AssumedRole', { by: session('app') }),
      is('aws:PrincipalType', 'FederatedUser', {
        by: { arn: `arn:aws:sts::${account}:federated-user/x`, account },
      }),
    ),
    twins: all(
      'denied',
      is('aws:PrincipalType', 'AssumedRole'),
      is('aws:PrincipalType', 'user'),
    ),
  },
  {
    page: keys,
    says: 'aws:username is only in the requests of IAM users.',
    cases: all('allowed', is('aws:username', 'alice')),
    twins: all(
      'denied',
      is('aws:username', 'Alice'),
      is('aws:username', 'app', { by: session('app') }),
      when({ StringLike: { 'aws:username': '*' } }, {}, { by: session('app') }),
    ),
  },
  {
    page: keys,
    says: "aws:PrincipalAccount is the caller's account.",
    cases: all('allowed', is('aws:PrincipalAccount', account)),
    twins: all('denied', is('aws:PrincipalAccount', other)),
  },
  {
    page: keys,
    says: 'aws:PrincipalIsAWSService shows whether a service principal calls.',
    cases: all(
      'allowed',
      service({ Bool: { 'aws:PrincipalIsAWSService': 'true' } }),
      service({
        StringEquals: { 'aws:PrincipalServiceName': lambda.service },
      }),
    ),
    twins: all(
      'denied',
      service({ Bool: { 'aws:PrincipalIsAWSService': 'false' } }),
      when({ Bool: { 'aws:PrincipalIsAWSService': 'true' } }),
      when({ StringLike: { 'aws:PrincipalServiceName': '*' } }),
    ),
  },
  {
    page: keys,
    says: 'aws:SourceArn is the resource for which a service calls.',
    cases: all(
      'allowed',
      service(from(rule), { by: { ...lambda, sourceArn: rule } }),
      service(from(`arn:aws:events:*:${account}:rule/*`), {
        by: { ...lambda, sourceArn: rule },
      }),
    ),
    twins: [
      ...all(
        'denied',
        service(from(`${rule}2`), { by: { ...lambda, sourceArn: rule } }),
        service(from(rule), { context: { 'aws:SourceArn': [] } }),
      ),
      ...all('unknown', service(from(rule))),
    ],
  },
  {
    page: keys,
    says: 'aws:RequestedRegion and aws:ResourceAccount come with the resource.',
    cases: all(
      'allowed',
      is('aws:RequestedRegion', 'us-east-1', { resource: at('us-east-1') }),
      is('aws:ResourceAccount', account, { resource: at('us-east-1') }),
    ),
    twins: all(
      'denied',
      is('aws:RequestedRegion', 'us-east-1', { resource: at('eu-west-1') }),
      is('aws:ResourceAccount', other, { resource: at('us-east-1') }),
    ),
  },
]

function at(region: string) {
  return `arn:aws:kms:${region}:${account}:key/1234abcd`
}
