// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look so.

import type { AuthorizationRequest, Principal } from '@keyward/iam/policy'
import { Policy } from '@keyward/iam/policy'
import { describe, expect, test } from 'vitest'
import type { AwsError } from '../protocol/Service.js'
import { createAuthorize } from './createAuthorize.js'

const account = '000000000000'
const key = `arn:aws:kms:us-east-1:${account}:key/00000000-0000-4000-8000-000000000000`
const fn = `arn:aws:lambda:us-east-1:${account}:function:signer`
const of = (path: string): Principal => ({
  arn: `arn:aws:iam::${account}:${path}`,
  account,
})
const session = (role: string, path = '/'): Principal => ({
  arn: `arn:aws:sts::${account}:assumed-role/${role}/s`,
  account,
  roleArn: `arn:aws:iam::${account}:role${path}${role}`,
})
const root = of('root')
const user = of('user/operator')
const events: Principal = {
  arn: 'events.amazonaws.com',
  account,
  service: 'events.amazonaws.com',
}

type Statement = Record<string, unknown>
const document = (statements: Statement[], Version = '2012-10-17') =>
  JSON.stringify({ Version, Statement: statements })
const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' }
const toRoot = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
}

type Asked = {
  by?: Principal
  action?: string
  resource?: string
  context?: AuthorizationRequest['context']
  identity?: Statement[]
  policy?: Statement[] | string
  version?: string
  now?: number
}

/** `yes`, or AWS's text for a refusal. */
const ask = (asked: Asked): string => {
  const { identity, policy, version, context } = asked
  const authorize = createAuthorize({
    identityPolicies: () =>
      identity ? [Policy.parse(document(identity, version), 'identity')] : [],
    now: () => asked.now ?? Date.UTC(2026, 0, 2),
  })
  const resourcePolicy =
    typeof policy === 'string' || !policy ? policy : document(policy, version)
  try {
    authorize({
      principal: asked.by ?? user,
      action: asked.action ?? 'kms:Sign',
      resource: asked.resource ?? key,
      resourcePolicy,
      ...(context && { context }),
    })
    return 'yes'
  } catch (error) {
    return (error as Error).message.replace(/^.* on resource: \S+ /, '')
  }
}

const noIdentity = 'because no identity-based policy allows the kms:Sign action'
const noResource = 'because no resource-based policy allows the kms:Sign action'
const denyIdentity = 'with an explicit deny in an identity-based policy'
const denyResource = 'with an explicit deny in a resource-based policy'

test('a role is denied until it has the tag that a condition asks for', () => {
  const conditions = {
    StringNotEquals: { 'aws:PrincipalTag/keyward-guard': 'first-guard' },
  }
  const deny = {
    ...{ Effect: 'Deny', Principal: '*', Action: 'kms:Sign', Resource: '*' },
    Condition: conditions,
  }
  const withTags = (tags: Record<string, string>) => {
    const authorize = createAuthorize({
      identityPolicies: () => [Policy.parse(document([allowAll]), 'identity')],
      principalTags: ({ roleArn }) => (roleArn === undefined ? {} : tags),
      now: () => 0,
    })
    const resourcePolicy = document([toRoot, deny])
    try {
      const principal = session('second-sender')
      authorize({
        principal,
        action: 'kms:Sign',
        resource: key,
        resourcePolicy,
      })
      return 'yes'
    } catch (error) {
      return (error as Error).message.replace(/^.* on resource: \S+ /, '')
    }
  }
  expect(withTags({})).toBe(denyResource)
  expect(withTags({ 'keyward-guard': 'another-guard' })).toBe(denyResource)
  expect(withTags({ 'Keyward-Guard': 'first-guard' })).toBe('yes')
})

describe('the words of a refusal', () => {
  const refusal = (request: Partial<AuthorizationRequest>) => {
    const authorize = createAuthorize({
      identityPolicies: () => [],
      now: () => 0,
    })
    try {
      authorize({
        principal: user,
        action: 'kms:Sign',
        resource: key,
        ...request,
      })
    } catch (error) {
      return { ...(error as object) }
    }
    throw new Error('was allowed')
  }

  test('of KMS', () => {
    expect(refusal({ resourcePolicy: document([toRoot]) })).toEqual({
      name: 'AwsError',
      type: 'AccessDeniedException',
      text: `User: ${user.arn} is not authorized to perform: kms:Sign on resource: ${key} because no identity-based policy allows the kms:Sign action`,
      status: 400,
    })
  })

  test('of Lambda, whose status differs', () => {
    expect(
      refusal({ action: 'lambda:InvokeFunction', resource: fn }),
    ).toMatchObject({ type: 'AccessDeniedException', status: 403 })
  })
})

test('a refusal says who asked, and who of those named may', () => {
  const authorize = createAuthorize({
    identityPolicies: ({ arn }) =>
      arn === user.arn ? [Policy.parse(document([allowAll]), 'identity')] : [],
    now: () => 0,
    named: () =>
      new Map([
        ['operator', user],
        ['admin', of('role/a')],
        ['root', root],
        [of('role/b').arn, of('role/b')],
      ]),
  })
  const asked = { action: 'kms:Sign', resource: key }
  const allowed = (...statements: Statement[]) => {
    try {
      authorize({
        ...{ ...asked, principal: of('role/a') },
        resourcePolicy: document([toRoot, ...statements]),
      })
    } catch (error) {
      return (error as AwsError).headers
    }
    throw new Error('was allowed')
  }
  expect(allowed()).toEqual({
    'x-keyward-caller': 'admin',
    'x-keyward-allowed': 'root operator',
  })
  // Whoever the policy names comes first.
  const toRole = { ...toRoot, Principal: { AWS: of('role/b').arn } }
  expect(allowed(toRole)).toEqual({
    'x-keyward-caller': 'admin',
    'x-keyward-allowed': `root ${of('role/b').arn} operator`,
  })
})

describe('a key', () => {
  const named = (AWS: unknown, more: Statement = {}) => ({
    ...toRoot,
    Principal: { AWS },
    ...more,
  })
  test.each<[string, Asked, string]>([
    [
      'no Allow in its policy, allow-all identity',
      {
        identity: [allowAll],
        policy: [named(root.arn, { Action: 'kms:DescribeKey' })],
      },
      noResource,
    ],
    ['root statement alone', { policy: [toRoot] }, noIdentity],
    [
      'root statement and identity policy',
      { policy: [toRoot], identity: [allowAll] },
      'yes',
    ],
    [
      'account id instead of root',
      { policy: [named(account)], identity: [allowAll] },
      'yes',
    ],
    [
      'another account id',
      { policy: [named('111111111111')], identity: [allowAll] },
      noResource,
    ],
    ['root user by the root statement', { by: root, policy: [toRoot] }, 'yes'],
    [
      'root user, only a role named',
      { by: root, policy: [named(of('role/a').arn)] },
      noResource,
    ],
    ['user named directly', { policy: [named(user.arn)] }, 'yes'],
    ['everyone', { policy: [{ ...toRoot, Principal: '*' }] }, 'yes'],
    ['everyone of type AWS', { policy: [named('*')] }, 'yes'],
    [
      'role of a session',
      { by: session('a'), policy: [named(of('role/a').arn)] },
      'yes',
    ],
    [
      'role with a path',
      { by: session('a', '/x/y/'), policy: [named(of('role/x/y/a').arn)] },
      'yes',
    ],
    [
      'same role name, other path',
      { by: session('a', '/x/'), policy: [named(of('role/a').arn)] },
      noResource,
    ],
    [
      'session itself',
      { by: session('a'), policy: [named(session('a').arn)] },
      'yes',
    ],
    [
      'other session',
      {
        by: session('a'),
        policy: [named(session('a').arn.replace(/s$/, 't'))],
      },
      noResource,
    ],
    [
      'role name in other case',
      { by: session('a'), policy: [named(of('role/A').arn)] },
      noResource,
    ],
    [
      'role that begins alike',
      { by: session('ab'), policy: [named(of('role/a').arn)] },
      noResource,
    ],
    [
      'service, not the one that calls',
      {
        by: events,
        policy: [{ ...toRoot, Principal: { Service: 'sns.amazonaws.com' } }],
      },
      noResource,
    ],
    [
      'service that calls',
      {
        by: events,
        policy: [{ ...toRoot, Principal: { Service: 'events.amazonaws.com' } }],
      },
      'yes',
    ],
    [
      'service is not in the account',
      { by: events, policy: [toRoot], identity: [allowAll] },
      noResource,
    ],
    [
      'ids of who is gone',
      { policy: [named('AROAABCDEFGHIJKLMNOPQ')] },
      noResource,
    ],
    [
      'explicit deny by the account root',
      { policy: [named(user.arn), { ...toRoot, Effect: 'Deny' }] },
      denyResource,
    ],
    [
      'deny beats everything',
      {
        by: root,
        policy: [toRoot, { ...toRoot, Effect: 'Deny', Principal: '*' }],
      },
      denyResource,
    ],
    [
      'deny in the identity policy',
      {
        policy: [named(user.arn)],
        identity: [{ ...allowAll, Effect: 'Deny' }],
      },
      denyIdentity,
    ],
    [
      'deny of another action',
      {
        policy: [
          named(user.arn),
          { ...toRoot, Effect: 'Deny', Action: 'kms:CreateGrant' },
        ],
      },
      'yes',
    ],
    [
      'action in other case',
      { policy: [named(user.arn, { Action: 'KMS:sIgN' })] },
      'yes',
    ],
    [
      'action with ?',
      { policy: [named(user.arn, { Action: 'kms:Sig?' })] },
      'yes',
    ],
    [
      '? is one character',
      { policy: [named(user.arn, { Action: 'kms:Sign?' })] },
      noResource,
    ],
    ['* inside', { policy: [named(user.arn, { Action: 'kms:S*n' })] }, 'yes'],
    [
      'action that begins alike',
      { policy: [named(user.arn, { Action: 'kms:Sig' })] },
      noResource,
    ],
    [
      'NotAction leaves it out',
      {
        policy: [named(user.arn, { Action: undefined, NotAction: 'kms:Sign' })],
      },
      noResource,
    ],
    [
      'NotAction in other case',
      {
        policy: [named(user.arn, { Action: undefined, NotAction: 'kms:SIGN' })],
      },
      noResource,
    ],
    [
      'NotAction of others',
      {
        policy: [
          named(user.arn, {
            Action: undefined,
            NotAction: ['kms:Verify', 'kms:Create*'],
          }),
        ],
      },
      'yes',
    ],
    [
      'deny NotAction',
      {
        policy: [
          named(user.arn),
          {
            ...toRoot,
            Effect: 'Deny',
            Action: undefined,
            NotAction: 'kms:GetPublicKey',
          },
        ],
      },
      denyResource,
    ],
    [
      'its own ARN as resource',
      { policy: [named(user.arn, { Resource: key })] },
      'yes',
    ],
    [
      'another key as resource',
      { policy: [named(user.arn, { Resource: key.replace(/.$/, '1') })] },
      noResource,
    ],
    [
      'resource in other case',
      { policy: [named(user.arn, { Resource: key.replace('key', 'KEY') })] },
      noResource,
    ],
    [
      'NotResource of it',
      { policy: [named(user.arn, { Resource: undefined, NotResource: '*' })] },
      noResource,
    ],
    [
      'NotResource of another',
      { policy: [named(user.arn, { Resource: undefined, NotResource: fn })] },
      'yes',
    ],
    [
      'Allow NotPrincipal of another',
      {
        policy: [
          {
            ...named(''),
            Principal: undefined,
            NotPrincipal: { AWS: of('role/a').arn },
          },
        ],
      },
      'yes',
    ],
    [
      'Allow NotPrincipal of the account',
      {
        policy: [
          {
            ...named(''),
            Principal: undefined,
            NotPrincipal: { AWS: root.arn },
          },
        ],
      },
      noResource,
    ],
    [
      'Deny NotPrincipal of another',
      {
        policy: [
          named('*'),
          {
            ...toRoot,
            Effect: 'Deny',
            Principal: undefined,
            NotPrincipal: { AWS: of('role/a').arn },
          },
        ],
      },
      denyResource,
    ],
    [
      'Deny NotPrincipal of the role, not the session',
      {
        by: session('a'),
        policy: [
          named('*'),
          {
            ...toRoot,
            Effect: 'Deny',
            Principal: undefined,
            NotPrincipal: { AWS: [of('role/a').arn, root.arn] },
          },
        ],
      },
      denyResource,
    ],
    [
      'Deny NotPrincipal of role, session and account',
      {
        by: session('a'),
        policy: [
          named('*'),
          {
            ...toRoot,
            Effect: 'Deny',
            Principal: undefined,
            NotPrincipal: {
              AWS: [of('role/a').arn, session('a').arn, root.arn],
            },
          },
        ],
      },
      'yes',
    ],
    [
      'a policy that is no JSON',
      { policy: '{', identity: [allowAll] },
      noResource,
    ],
    [
      'a policy with a statement twice named',
      { policy: '{"Statement":[],"Statement":[]}', identity: [allowAll] },
      noResource,
    ],
    ['no key: identity alone', { resource: '*', identity: [allowAll] }, 'yes'],
    ['no key and no identity policy', { resource: '*' }, noIdentity],
    ['no key, root user', { by: root, resource: '*' }, 'yes'],
  ])('%s', (_, asked, expected) => {
    expect(ask(asked)).toBe(expected)
  })

  test('of another account needs both sides', () => {
    const by = {
      ...user,
      arn: user.arn.replace(account, '111111111111'),
      account: '111111111111',
    }
    const policy = [named(by.arn)]
    expect(ask({ by, policy })).toBe(noIdentity)
    expect(ask({ by, policy: [toRoot], identity: [allowAll] })).toBe(noResource)
    expect(ask({ by, policy, identity: [allowAll] })).toBe('yes')
    expect(
      ask({ by, policy: [named('111111111111')], identity: [allowAll] }),
    ).toBe('yes')
  })
})

describe('a function', () => {
  const invoke = { action: 'lambda:InvokeFunction', resource: `${fn}:alice` }
  const statement = (more: Statement = {}) => ({
    Effect: 'Allow',
    Principal: { AWS: of('role/alice').arn },
    Action: 'lambda:InvokeFunction',
    Resource: `${fn}:alice`,
    ...more,
  })
  test.each<[string, Asked, boolean]>([
    [
      'resource policy alone',
      { by: session('alice'), policy: [statement()] },
      true,
    ],
    ['another caller', { by: session('bob'), policy: [statement()] }, false],
    [
      'identity policy alone',
      { identity: [{ ...allowAll, Resource: `${fn}:alice` }] },
      true,
    ],
    [
      'identity policy of the function, not the alias',
      { identity: [{ ...allowAll, Resource: fn }] },
      false,
    ],
    [
      'identity policy with a wildcard',
      { identity: [{ ...allowAll, Resource: `${fn}:*` }] },
      true,
    ],
    [
      'identity deny over a resource allow',
      {
        by: session('alice'),
        policy: [statement()],
        identity: [{ ...allowAll, Effect: 'Deny' }],
      },
      false,
    ],
    [
      'resource deny over an identity allow',
      {
        identity: [allowAll],
        policy: [statement({ Effect: 'Deny', Principal: '*' })],
      },
      false,
    ],
    [
      'policy of another alias',
      { by: session('alice'), policy: [statement({ Resource: `${fn}:bob` })] },
      false,
    ],
    [
      'account in the resource policy',
      { policy: [statement({ Principal: { AWS: account } })] },
      false,
    ],
    [
      'service with its source',
      {
        by: events,
        policy: [
          statement({
            Principal: { Service: 'events.amazonaws.com' },
            Condition: {
              ArnLike: {
                'AWS:SourceArn': `arn:aws:events:us-east-1:${account}:rule/*`,
              },
            },
          }),
        ],
        context: {
          'aws:SourceArn': `arn:aws:events:us-east-1:${account}:rule/r`,
        },
      },
      true,
    ],
    [
      'service with another source',
      {
        by: events,
        policy: [
          statement({
            Principal: { Service: 'events.amazonaws.com' },
            Condition: {
              ArnLike: {
                'AWS:SourceArn': `arn:aws:events:us-east-1:${account}:rule/r`,
              },
            },
          }),
        ],
        context: {
          'aws:SourceArn': `arn:aws:events:us-east-1:${account}:rule/s`,
        },
      },
      false,
    ],
  ])('%s', (_, asked, expected) => {
    expect(ask({ ...invoke, ...asked }) === 'yes').toBe(expected)
  })
})

describe('conditions', () => {
  // For each: does an Allow with it apply, and does a Deny?
  const holds = (
    Condition: unknown,
    context: AuthorizationRequest['context'] = {},
    more: Asked = {},
  ) => {
    const asked = { context, ...more }
    const allow = { ...allowAll, Condition }
    const allows = ask({ ...asked, resource: '*', identity: [allow] }) === 'yes'
    const denies =
      ask({
        ...asked,
        resource: '*',
        identity: [allowAll, { ...allow, Effect: 'Deny' }],
      }) !== 'yes'
    return allows === denies ? allows : 'unknown'
  }
  const mode = { 'kms:MessageType': 'DIGEST' }
  const tags = (...values: string[]) => ({ 'aws:TagKeys': values })
  type Row = [unknown, AuthorizationRequest['context'], boolean | 'unknown']
  test.each<Row>([
    [{ StringEquals: { 'kms:MessageType': 'DIGEST' } }, mode, true],
    [{ StringEquals: { 'KMS:messagetype': 'DIGEST' } }, mode, true],
    [{ StringEquals: { 'kms:MessageType': 'digest' } }, mode, false],
    [{ StringEquals: { 'kms:MessageType': ['RAW', 'DIGEST'] } }, mode, true],
    [{ StringEquals: { 'kms:MessageType': 'DIG*' } }, mode, false],
    [{ StringEquals: { 'kms:MessageType': 'DIGEST' } }, {}, false],
    [{ StringEqualsIfExists: { 'kms:MessageType': 'DIGEST' } }, {}, true],
    [{ StringEqualsIfExists: { 'kms:MessageType': 'RAW' } }, mode, false],
    [{ StringEqualsIgnoreCase: { 'kms:MessageType': 'digest' } }, mode, true],
    [{ StringNotEquals: { 'kms:MessageType': 'RAW' } }, mode, true],
    [
      { StringNotEquals: { 'kms:MessageType': ['RAW', 'DIGEST'] } },
      mode,
      false,
    ],
    [{ StringNotEquals: { 'kms:MessageType': 'RAW' } }, {}, true],
    [
      { StringNotEqualsIgnoreCase: { 'kms:MessageType': 'digest' } },
      mode,
      false,
    ],
    [{ StringLike: { 'kms:MessageType': 'D?G*T' } }, mode, true],
    [{ StringLike: { 'kms:MessageType': '*X*' } }, mode, false],
    [{ StringNotLike: { 'kms:MessageType': 'D*' } }, mode, false],
    [{ StringNotLike: { 'kms:MessageType': 'R*' } }, {}, true],
    // Both operators and all keys must hold.
    [
      {
        StringEquals: {
          'kms:MessageType': 'DIGEST',
          'kms:SigningAlgorithm': 'ECDSA_SHA_256',
        },
      },
      mode,
      false,
    ],
    [
      {
        StringEquals: { 'kms:MessageType': 'DIGEST' },
        Bool: { 'kms:MultiRegion': 'true' },
      },
      { ...mode, 'kms:MultiRegion': 'false' },
      false,
    ],
    [
      { Bool: { 'kms:MultiRegion': false } },
      { 'kms:MultiRegion': 'false' },
      true,
    ],
    [
      { Bool: { 'kms:MultiRegion': 'FALSE' } },
      { 'kms:MultiRegion': 'false' },
      true,
    ],
    [{ Bool: { 'kms:MultiRegion': 'false' } }, {}, false],
    [
      {
        BoolIfExists: {
          'kms:GrantIsForAWSResource': 'false',
          'aws:PrincipalIsAWSService': 'false',
        },
      },
      {},
      true,
    ],
    [
      { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } },
      { 'kms:GrantIsForAWSResource': 'true' },
      false,
    ],
    [
      { NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': 30 } },
      { 'kms:ScheduleKeyDeletionPendingWindowInDays': '7' },
      true,
    ],
    [
      {
        NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
      },
      { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
      false,
    ],
    [
      {
        NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
      },
      {},
      false,
    ],
    [
      {
        NumericGreaterThanEquals: {
          'kms:ScheduleKeyDeletionPendingWindowInDays': '30',
        },
      },
      { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
      true,
    ],
    [
      { NumericEquals: { 'kms:RotationPeriodInDays': '90.0' } },
      { 'kms:RotationPeriodInDays': '90' },
      true,
    ],
    [{ NumericNotEquals: { 'kms:RotationPeriodInDays': '90' } }, {}, true],
    [
      { NumericEquals: { 'kms:RotationPeriodInDays': '90' } },
      { 'kms:RotationPeriodInDays': 'many' },
      'unknown',
    ],
    [
      { DateLessThan: { 'kms:ValidTo': '2026-06-01T00:00:00Z' } },
      { 'kms:ValidTo': '2026-05-01T00:00:00.000Z' },
      true,
    ],
    [
      { DateGreaterThan: { 'kms:ValidTo': '1780272000' } },
      { 'kms:ValidTo': '2026-05-01T00:00:00Z' },
      false,
    ],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-01-02T00:00:01Z' } }, {}, true],
    [{ DateGreaterThanEquals: { 'aws:CurrentTime': '2026-01-02' } }, {}, true],
    [
      {
        NumericEquals: { 'aws:EpochTime': String(Date.UTC(2026, 0, 2) / 1000) },
      },
      {},
      true,
    ],
    [{ Null: { 'kms:RequestAlias': 'true' } }, {}, true],
    [
      { Null: { 'kms:RequestAlias': 'true' } },
      { 'kms:RequestAlias': 'alias/a' },
      false,
    ],
    [
      { Null: { 'kms:RequestAlias': false } },
      { 'kms:RequestAlias': 'alias/a' },
      true,
    ],
    [{ ArnEquals: { 'aws:PrincipalArn': user.arn } }, {}, true],
    [
      { ArnLike: { 'aws:PrincipalArn': `arn:*:iam::${account}:user/*` } },
      {},
      true,
    ],
    [{ ArnLike: { 'aws:PrincipalArn': `arn:*:${account}:*:*:*` } }, {}, false],
    [
      { ArnNotEquals: { 'aws:PrincipalArn': [of('role/a').arn, user.arn] } },
      {},
      false,
    ],
    [{ ArnNotLike: { 'aws:PrincipalArn': of('role/*').arn } }, {}, true],
    [{ ArnNotEqualsIfExists: { 'aws:SourceArn': user.arn } }, {}, true],
    [
      {
        StringEquals: {
          'aws:PrincipalAccount': account,
          'aws:PrincipalType': 'User',
          'aws:username': 'operator',
        },
      },
      {},
      true,
    ],
    [
      { StringEquals: { 'kms:RequestAlias': 'alias/${aws:username}' } },
      { 'kms:RequestAlias': 'alias/operator' },
      true,
    ],
    [
      {
        StringEquals: { 'kms:RequestAlias': 'alias/${aws:PrincipalTag/team}' },
      },
      { 'kms:RequestAlias': 'alias/x' },
      false,
    ],
    // Nothing equals a variable without a value, so a negated operator holds.
    [
      {
        StringNotEquals: {
          'kms:RequestAlias': 'alias/${aws:PrincipalTag/team}',
        },
      },
      { 'kms:RequestAlias': 'alias/x' },
      true,
    ],
    [
      {
        StringEquals: {
          'kms:RequestAlias': "alias/${aws:PrincipalTag/team, 'none'}",
        },
      },
      { 'kms:RequestAlias': 'alias/none' },
      true,
    ],
    [
      { StringLike: { 'kms:RequestAlias': 'alias/${*}' } },
      { 'kms:RequestAlias': 'alias/x' },
      false,
    ],
    [
      { StringLike: { 'kms:RequestAlias': 'alias/${*}' } },
      { 'kms:RequestAlias': 'alias/*' },
      true,
    ],
    // A variable's value is not a pattern.
    [
      { StringLike: { 'kms:RequestAlias': '${kms:KeySpec}' } },
      { 'kms:RequestAlias': 'alias/x', 'kms:KeySpec': '*' },
      false,
    ],
    // Several values.
    [
      { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      tags('b', 'c'),
      true,
    ],
    [
      { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } },
      tags('b', 'c'),
      false,
    ],
    [
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      tags('b', 'c'),
      false,
    ],
    [
      { 'ForAllValues:StringLike': { 'aws:TagKeys': ['a', 'b*'] } },
      tags('b', 'bc'),
      true,
    ],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } }, tags(), true],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } }, tags(), false],
    [
      { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'a' } },
      tags('a', 'b'),
      true,
    ],
    [
      { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': 'a' } },
      tags('a', 'b'),
      false,
    ],
    [{ StringEquals: { 'aws:TagKeys': 'a' } }, tags('a', 'b'), 'unknown'],
    // Keys that this home doesn't know.
    [{ StringFuzzy: { 'kms:MessageType': 'DIGEST' } }, mode, 'unknown'],
    [{ stringEquals: { 'kms:MessageType': 'DIGEST' } }, mode, 'unknown'],
    [{ IpAddress: { 'aws:SourceIp': '127.0.0.1' } }, {}, 'unknown'],
    [{ StringEquals: { 'aws:Unheard': 'x' } }, {}, 'unknown'],
    [{ StringEqualsIfExists: { 'kms:ResourceAliases': 'x' } }, {}, 'unknown'],
    [{ Null: { 'aws:TokenIssueTime': 'true' } }, {}, 'unknown'],
    // A certain failure outweighs an unknown.
    [
      {
        StringFuzzy: { 'kms:MessageType': 'x' },
        StringEquals: { 'kms:MessageType': 'RAW' },
      },
      mode,
      false,
    ],
  ])('%j with %j: %s', (condition, context, expected) => {
    expect(holds(condition, context)).toBe(expected)
  })

  test('see a session as its role', () => {
    const by = session('a', '/p/')
    const arn = { 'aws:PrincipalArn': of('role/p/a').arn }
    expect(holds({ ArnEquals: arn }, {}, { by })).toBe(true)
    expect(
      holds(
        { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } },
        {},
        { by },
      ),
    ).toBe(true)
    expect(holds({ StringLike: { 'aws:userid': 'AROA*:s' } }, {}, { by })).toBe(
      true,
    )
    const { roleArn: _, ...bare } = session('a')
    const role = { 'aws:PrincipalArn': of('role/a').arn }
    expect(holds({ ArnEquals: role }, {}, { by: bare })).toBe(true)
  })

  test('see the function that calls', () => {
    const condition = { ArnNotEquals: { 'lambda:SourceFunctionArn': fn } }
    expect(holds(condition, {}, { by: session('a') })).toBe(true)
    const by = { ...session('a'), sourceFunctionArn: fn }
    expect(holds(condition, {}, { by })).toBe(false)
  })

  test('have no variables in the old version', () => {
    const condition = {
      StringEquals: { 'kms:RequestAlias': '${aws:username}' },
    }
    const context = { 'kms:RequestAlias': '${aws:username}' }
    expect(holds(condition, context, { version: '2008-10-17' })).toBe(true)
    expect(holds(condition, context)).toBe(false)
  })
})
