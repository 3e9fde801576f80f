import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createAuthorize } from '../../packages/local/src/iam/createAuthorize.js'
import * as Policy from '../../packages/local/src/iam/policy/Policy.js'

const path = new URL('../../packages/cdk/policies/scp.json', import.meta.url)
const text = readFileSync(path, 'utf8')
const account = '123456789012'
const lambda = `arn:aws:lambda:eu-central-1:${account}`
const signer = `${lambda}:function:treasury-eip1559-signer`
const legacy = `${lambda}:function:treasury-legacy-signer`
const mapping = `${lambda}:event-source-mapping:11111111-2222-3333-4444-555555555555`
const iam = `arn:aws:iam::${account}`
const role = (name: string) => `${iam}:role/${name}`
const deployer = role(`cdk-hnb659fds-cfn-exec-role-${account}-eu-central-1`)

/** What an SCP leaves of the permission to do everything. */
const authorize = createAuthorize({
  identityPolicies: () => [
    Policy.parse(text, 'identity'),
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

function isAllowed(
  arn: string,
  action: string,
  resource: string,
  context = {},
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
  ['iam:PassRole', role('treasury-legacy-signer')],
  ['sts:AssumeRole', role('treasury-legacy-signer')],
]
test.each(closed)('%s of %s is the deployer’s only', (action, on, context) => {
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
  ['iam:GetRole', role('treasury-eip1559-signer')],
  ['iam:PassRole', role('website')],
  ['kms:Sign', `arn:aws:kms:eu-central-1:${account}:key/x`],
]
test.each(open)('%s of %s stays open', (action, on, context) => {
  expect(isAllowed(role('admin'), action, on, context)).toBe(true)
})

test('AWS takes it: it is small enough', () => {
  expect(text.length).toBeLessThan(5120)
})
