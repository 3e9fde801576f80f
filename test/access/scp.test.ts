import { readFileSync } from 'node:fs'
import { accessScp } from '@keyward/toolkit/access'
import { describe, expect, test } from 'vitest'
import * as Policy from '../../packages/iam/src/policy/Policy.js'
import { serviceControlPolicy } from '../../packages/iam/src/scp/index.js'
import { createAuthorize } from '../../packages/local/src/iam/createAuthorize.js'
import { readGuide } from '../support/readGuide.js'

const path = new URL('../../packages/cdk/policies/scp.json', import.meta.url)
const text = readFileSync(path, 'utf8')
const account = '123456789012'
const lambda = `arn:aws:lambda:eu-central-1:${account}`
const signer = `${lambda}:function:treasury-eip1559-signer`
const legacy = `${lambda}:function:treasury-legacy-signer`
const mapping = `${lambda}:event-source-mapping:11111111-2222-3333-4444-555555555555`
const dynamo = `arn:aws:dynamodb:eu-central-1:${account}`
const ledger = `${dynamo}:table/treasury-SenderLedger1A2B-3C4D`
const backup = `${ledger}/backup/01489602797149-73d8d5bc`
const guard = `${dynamo}:table/treasury-Guard64B60F0F-3C4D`
const cosigner = `${lambda}:function:treasury-cosigner-2`
const coordinator = `${lambda}:function:treasury-coordinator`
const proposals = `${dynamo}:table/treasury-Proposals1A2B-3C4D`
const iam = `arn:aws:iam::${account}`
const role = (name: string) => `${iam}:role/${name}`
const deployer = role(`cdk-hnb659fds-cfn-exec-role-${account}-eu-central-1`)

/** What an SCP leaves of the permission to do everything. */
const under = (policy: Policy.Policy) =>
  createAuthorize({
    identityPolicies: () => [
      policy,
      Policy.fromValue(
        {
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
        },
        'identity',
      ),
    ],
    now: () => 0,
  })
const shipped = under(Policy.parse(text, 'identity'))

function isAllowed(
  arn: string,
  action: string,
  resource: string,
  context = {},
  authorize = shipped,
): boolean {
  try {
    authorize({ principal: { arn, account }, action, resource, context })
    return true
  } catch (error) {
    expect(String(error)).toContain('with an explicit deny')
    return false
  }
}

const closed: [action: string, resource: string, context?: object][] = [
  ...[
    'UpdateFunctionCode',
    'UpdateFunctionConfiguration',
    'AddPermission',
    'CreateAlias',
    'UpdateAlias',
    'PublishVersion',
    'CreateFunctionUrlConfig',
    'PutFunctionCodeSigningConfig',
    'DeleteFunctionCodeSigningConfig',
    'PutFunctionEventInvokeConfig',
    'CreateFunction',
    'DeleteFunction',
  ].map((action): [string, string] => [`lambda:${action}`, signer]),
  ['lambda:UpdateFunctionCode', legacy],
  ['lambda:UpdateFunctionCode', cosigner],
  ['lambda:AddPermission', `${cosigner}:anna`],
  ['lambda:UpdateFunctionConfiguration', coordinator],
  ['iam:PutRolePolicy', role('treasury-cosigner-2')],
  ['iam:UpdateAssumeRolePolicy', role('treasury-coordinator')],
  ['dynamodb:DeleteResourcePolicy', proposals],
  ['lambda:AddPermission', `${signer}:payouts`],
  [
    'lambda:CreateEventSourceMapping',
    '*',
    { 'lambda:FunctionArn': `${signer}:payouts` },
  ],
  [
    'lambda:UpdateEventSourceMapping',
    mapping,
    { 'lambda:FunctionArn': legacy },
  ],
  ...[
    'UpdateAssumeRolePolicy',
    'PutRolePolicy',
    'DeleteRolePolicy',
    'AttachRolePolicy',
    'DetachRolePolicy',
    'PutRolePermissionsBoundary',
    'DeleteRolePermissionsBoundary',
    'CreateRole',
    'DeleteRole',
    'PassRole',
  ].map((action): [string, string] => [
    `iam:${action}`,
    role('treasury-eip1559-signer'),
  ]),
  ...[
    'PutResourcePolicy',
    'DeleteResourcePolicy',
    'DeleteTable',
    'UpdateTable',
    'UpdateTimeToLive',
    'UpdateContinuousBackups',
    'CreateTable',
    'CreateTableReplica',
    'ImportTable',
    'RestoreTableToPointInTime',
    'ActionOfTheFuture',
  ].map((action): [string, string] => [`dynamodb:${action}`, ledger]),
  ['dynamodb:RestoreTableFromBackup', backup],
  ['dynamodb:DeleteBackup', backup],
  ['iam:PassRole', role('treasury-legacy-signer')],
  ['sts:AssumeRole', role('treasury-legacy-signer')],
]
test.each(closed)("%s of %s is the deployer's only", (action, on, context) => {
  for (const other of [role('admin'), `${iam}:user/dev`, `${iam}:root`])
    expect([other, isAllowed(other, action, on, context)]).toEqual([
      other,
      false,
    ])
  expect(isAllowed(deployer, action, on, context)).toBe(true)
})

const open: [action: string, resource: string, context?: object][] = [
  ['lambda:InvokeFunction', signer],
  ['lambda:InvokeFunction', `${signer}:payouts`],
  ['lambda:GetFunction', signer],
  ['lambda:ListVersionsByFunction', signer],
  ['lambda:PutFunctionConcurrency', signer],
  ['lambda:UpdateFunctionCode', `${lambda}:function:website`],
  [
    'lambda:CreateEventSourceMapping',
    '*',
    { 'lambda:FunctionArn': `${lambda}:function:website` },
  ],
  ...[
    'GetItem',
    'Query',
    'GetResourcePolicy',
    'DescribeTable',
    'DescribeContinuousBackups',
    'CreateBackup',
  ].map((action): [string, string] => [`dynamodb:${action}`, ledger]),
  ['dynamodb:PutItem', `${dynamo}:table/orders`],
  ['dynamodb:RestoreTableToPointInTime', `${dynamo}:table/orders`],
  ['iam:GetRole', role('treasury-eip1559-signer')],
  ['iam:PassRole', role('website')],
  ['kms:Sign', `arn:aws:kms:eu-central-1:${account}:key/x`],
]
test.each(open)('%s of %s stays open', (action, on, context) => {
  expect(isAllowed(role('admin'), action, on, context)).toBe(true)
})

test('freeze and unfreeze are left to who has them, as the guide gives them', () => {
  const [, json = '{}'] =
    /```json\n(\{[^`]*lambda:PutFunctionConcurrency[^`]*)```/.exec(
      readGuide('emergency'),
    ) ?? []
  const [{ Action }] = JSON.parse(json).Statement
  expect(Action).toContain('lambda:DeleteFunctionConcurrency')
  const stack = `arn:aws:cloudformation:eu-central-1:${account}:stack/treasury/1`
  for (const action of Action) {
    const on = action.startsWith('lambda:') ? signer : stack
    expect([action, isAllowed(role('admin'), action, on)]).toEqual([
      action,
      true,
    ])
  }
})

const writes = [
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'PartiQLInsert',
  'PartiQLUpdate',
  'PartiQLDelete',
].map((action) => `dynamodb:${action}`)

test.each(writes)("%s of a ledger is its functions' only", (action) => {
  const may = (arn: string) => isAllowed(arn, action, ledger)
  expect(may(role('treasury-sender'))).toBe(true)
  expect(may(role('treasury-reconciler'))).toBe(true)
  for (const other of [
    role('admin'),
    `${iam}:user/dev`,
    `${iam}:root`,
    role('treasury-legacy-signer'),
    deployer,
  ])
    expect([other, may(other)]).toEqual([other, false])
})

describe('with a role that restores, writers and tables that are named', () => {
  const restorer = role('restore')
  const settings = {
    restoreRole: restorer,
    ledgerWriters: [role('batch')],
    tables: ['payouts'],
    bootstrapQualifiers: [],
  }
  const named = under(
    Policy.fromValue(serviceControlPolicy(settings), 'identity'),
  )
  const may = (arn: string, action: string, on: string) =>
    isAllowed(arn, action, on, {}, named)
  const payouts = `${dynamo}:table/payouts`

  test('is what the command line prints', () => {
    const { data, text } = accessScp(settings)
    expect(data).toEqual(serviceControlPolicy(settings))
    expect(JSON.parse(text)).toEqual(data)
    const nobody = { ...settings, restoreRole: undefined, tables: [] }
    const writers = Array.from({ length: 99 }, (_, n) => role(`w${n}`))
    expect(() => accessScp({ ...nobody, ledgerWriters: writers })).toThrow(
      'The policy would be too long.',
    )
  })

  test('the role restores, protects, and writes while it restores', () => {
    for (const on of [ledger, payouts, `${payouts}/backup/1`])
      for (const action of [
        'dynamodb:RestoreTableFromBackup',
        'dynamodb:PutResourcePolicy',
        'dynamodb:PutItem',
        'dynamodb:BatchWriteItem',
      ]) {
        expect(may(restorer, action, on)).toBe(true)
        expect(may(role('admin'), action, on)).toBe(false)
      }
    expect(may(restorer, 'lambda:UpdateFunctionCode', signer)).toBe(false)
  })

  test('the writers write, and change nothing else', () => {
    expect(may(role('batch'), 'dynamodb:PutItem', payouts)).toBe(true)
    expect(may(role('batch'), 'dynamodb:PutResourcePolicy', payouts)).toBe(
      false,
    )
  })

  test('the role itself is taken by those it trusts, and not changed', () => {
    expect(may(role('admin'), 'sts:AssumeRole', restorer)).toBe(true)
    for (const action of [
      'iam:UpdateAssumeRolePolicy',
      'iam:PutRolePolicy',
      'iam:CreateRole',
    ])
      expect(may(role('admin'), action, restorer)).toBe(false)
    expect(may(deployer, 'iam:UpdateAssumeRolePolicy', restorer)).toBe(true)
  })
})

describe('where CDK was bootstrapped with qualifiers', () => {
  const settings = {
    ...{ restoreRole: role('restore'), ledgerWriters: [], tables: [] },
    bootstrapQualifiers: ['team1', 'team2'],
  }
  const { data } = accessScp(settings)
  const named = under(Policy.fromValue(data, 'identity'))
  const execution = (qualifier: string) =>
    role(`cdk-${qualifier}-cfn-exec-role-${account}-eu-central-1`)
  const asked = [
    ['lambda:UpdateFunctionCode', signer],
    ['iam:PutRolePolicy', role('treasury-sender')],
    ['dynamodb:DeleteTable', ledger],
    ['iam:UpdateAssumeRolePolicy', role('restore')],
  ] as const

  test.each(asked)('only their roles may %s', (action, on) => {
    const may = (arn: string) => isAllowed(arn, action, on, {}, named)
    expect(['team1', 'team2'].map((each) => may(execution(each)))).toEqual([
      true,
      true,
    ])
    // Nobody watches a role that no bootstrap made.
    for (const other of ['hnb659fds', 'team', 'team11'])
      expect([other, may(execution(other))]).toEqual([other, false])
    expect(may(role('admin'))).toBe(false)
  })
})

test('coordinator and co-signers write proposals, and no ledger', () => {
  for (const name of ['treasury-cosigner-2', 'treasury-coordinator']) {
    expect(isAllowed(role(name), 'dynamodb:UpdateItem', proposals)).toBe(true)
    expect(isAllowed(role(name), 'dynamodb:UpdateItem', ledger)).toBe(false)
  }
  for (const name of ['treasury-sender', 'admin'])
    expect(isAllowed(role(name), 'dynamodb:UpdateItem', proposals)).toBe(false)
})

test('the functions count windows, and nobody else', () => {
  const writers = ['message-signer', 'sender', 'reconciler', 'cosigner-2']
  for (const name of [...writers, 'own-reconciler'])
    expect(
      isAllowed(role(`treasury-${name}`), 'dynamodb:UpdateItem', guard),
    ).toBe(true)
  for (const name of ['treasury-coordinator', 'admin'])
    expect(isAllowed(role(name), 'dynamodb:UpdateItem', guard)).toBe(false)
  for (const action of ['DeleteTable', 'PutResourcePolicy'])
    expect(isAllowed(role('admin'), `dynamodb:${action}`, guard)).toBe(false)
})

test('AWS takes it: it is small enough', () => {
  expect(text.length).toBeLessThan(5120)
})
