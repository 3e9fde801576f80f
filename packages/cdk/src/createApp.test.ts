import type { Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { createApp } from './createApp.js'

// compliance.test.ts validates; it is most of what a synthesis costs.
process.env.CDK_VALIDATION = 'false'

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const least = { network: 'sepolia', administrators: role('admin') }

beforeAll(() => ensureBuilt())

function synth(context: Record<string, unknown>) {
  const [stack] = createApp(context).node.children.filter(
    ({ node }) => node.id !== 'Tree',
  )
  return Template.fromStack(stack as Stack).toJSON()
}

test('settings are read as text from -c, and as JSON from cdk.json', () => {
  const text = synth({
    ...least,
    stackName: 'treasury',
    administrators: `${role('admin')}, ${role('second')}`,
    importers: role('importer'),
    origin: 'EXTERNAL',
    address: `0x${'ab'.repeat(20)}`,
    invokers: `payouts=${role('payouts')},bridge=${role('bridge')}`,
    logRetention: '30',
    minimumDeletionWindowDays: '14',
    reservedConcurrentExecutions: '0',
    managedBlockchain: 'true',
    removalPolicy: 'destroy',
    logLevel: 'DEBUG',
    fips: 'true',
    subnetIds: 'subnet-0a1b2c3d, subnet-0a1b2c3e',
    securityGroupIds: 'sg-0a1b2c3d',
  })
  const json = synth({
    ...least,
    stackName: 'treasury',
    administrators: [role('admin'), role('second')],
    importers: [role('importer')],
    origin: 'EXTERNAL',
    address: `0x${'ab'.repeat(20)}`,
    invokers: { payouts: role('payouts'), bridge: role('bridge') },
    logRetention: 30,
    minimumDeletionWindowDays: 14,
    reservedConcurrentExecutions: 0,
    managedBlockchain: true,
    removalPolicy: 'destroy',
    logLevel: 'DEBUG',
    fips: true,
    subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'],
    securityGroupIds: ['sg-0a1b2c3d'],
  })
  expect(text).toEqual(json)
  const resources = Object.values(
    json.Resources as Record<string, { Type: string; Properties: object }>,
  )
  const one = (type: string) =>
    resources.find(({ Type }) => Type === `AWS::${type}`)
  expect(one('KMS::Key')).toMatchObject({
    DeletionPolicy: 'Delete',
    Properties: { Origin: 'EXTERNAL' },
  })
  expect(one('KMS::Alias')?.Properties).toMatchObject({
    AliasName: 'alias/treasury',
  })
  expect(one('Logs::LogGroup')?.Properties).toEqual({ RetentionInDays: 30 })
  expect(one('Lambda::Function')?.Properties).toMatchObject({
    FunctionName: 'treasury-eip1559-signer',
    ReservedConcurrentExecutions: 0,
    Environment: {
      Variables: {
        ETH_NETWORK: 'sepolia',
        LOG_LEVEL: 'DEBUG',
        KEYWARD_CALLERS: 'payouts,bridge',
        AWS_USE_FIPS_ENDPOINT: 'true',
      },
    },
  })
  expect(one('ManagedBlockchain::Accessor')).toBeDefined()
})

test('the minimum settings; empty settings count as absent', () => {
  const { Resources } = synth({ ...least, users: '', address: '' })
  expect(Object.keys(Resources)).toHaveLength(16)
})

test.each<[string, Record<string, unknown>, string]>([
  [
    'no network',
    { network: undefined },
    'network: required. Set it with -c, for example -c network=sepolia, or in the context of cdk.json.',
  ],
  [
    'no administrators',
    { administrators: undefined },
    'administrators: specify at least one IAM role',
  ],
  [
    'a network that is no text',
    { network: 1 },
    'network: must be text. In JSON, put the value in quotes.',
  ],
  [
    'a log level in lower case',
    { logLevel: 'debug' },
    'logLevel: "debug" is not allowed. Allowed: DEBUG, INFO, WARN or ERROR.',
  ],
  [
    'an origin that CloudFormation lacks',
    { origin: 'AWS_CLOUDHSM' },
    'origin: "AWS_CLOUDHSM" is not allowed. Allowed: AWS_KMS or EXTERNAL.',
  ],
  [
    'half an execution',
    { reservedConcurrentExecutions: '0.5' },
    'reservedConcurrentExecutions: "0.5" is not allowed. Allowed: a non-negative whole number.',
  ],
  [
    'some transactions of others',
    { maxForeign: 'some' },
    'maxForeign: "some" is not allowed. Allowed: a non-negative whole number, or the word unlimited.',
  ],
  [
    'a count that is no text',
    { newLedger: 5 },
    'newLedger: must be text. In JSON, put the value in quotes.',
  ],
  [
    'a number below 0',
    { logRetention: -1 },
    'logRetention: "-1" is not allowed. Allowed: a non-negative whole number.',
  ],
  [
    'days that CloudWatch does not keep logs for',
    { logRetention: 31 },
    'logRetention: 31 is not allowed. Allowed numbers of days: 1, 3, 5, 7, 14, 30, 60',
  ],
  [
    'yes',
    { managedBlockchain: 'yes' },
    'managedBlockchain: "yes" is not allowed. Allowed: true or false.',
  ],
  [
    'a list of numbers',
    { users: [1] },
    'users: must be a comma-separated list',
  ],
  ['a list that ends in nothing', { users: `${role('a')},` }, 'users: ""'],
  [
    'invokers without names',
    { invokers: role('a') },
    'invokers: must be a comma-separated list of alias=ARN pairs.',
  ],
  [
    'the same caller twice',
    { invokers: `a=${role('a')},a=${role('b')}` },
    'invokers: "a" occurs twice. Keep one of the entries.',
  ],
  [
    'a misspelt setting',
    { admin: role('admin') },
    'admin: is not a setting of a Keyward stack. Allowed: network, logLevel,',
  ],
])('refuses %s', (_, context, message) => {
  expect(() => createApp({ ...least, ...context })).toThrow(message)
})

test('a qualifier, a boundary and tags are accepted, and kept for the next deployment', () => {
  const settings = {
    bootstrapQualifier: 'team1',
    permissionsBoundary: 'edge',
    tags: 'team=treasury,cost centre=42',
  }
  const ofCdk = {
    '@aws-cdk/core:bootstrapQualifier': 'team1',
    '@aws-cdk/core:permissionsBoundary': { name: 'edge' },
    tags: { team: 'treasury', 'cost centre': '42' },
  }
  for (const given of [settings, ofCdk]) {
    const app = createApp({ ...least, ...given })
    const stack = app.synth().getStackByName('keyward')
    expect(stack.tags).toEqual({ team: 'treasury', 'cost centre': '42' })
    const { Metadata, Resources } = stack.template as {
      Metadata: Record<string, object>
      Resources: Record<string, { Type: string; Properties: object }>
    }
    expect(Metadata['Keyward::Settings']).toMatchObject({
      bootstrapQualifier: 'team1',
      permissionsBoundary: 'edge',
      tags: { team: 'treasury', 'cost centre': '42' },
    })
    const text = JSON.stringify(Resources)
    expect(text).toContain('cdk-team1-cfn-exec-role-')
    expect(text).not.toContain('hnb659fds')
    const roles = Object.values(Resources).filter(
      ({ Type }) => Type === 'AWS::IAM::Role',
    )
    for (const { Properties } of roles)
      expect(JSON.stringify(Properties)).toContain(':policy/edge')
  }
})

test.each<[string, Record<string, unknown>, string]>([
  [
    'a qualifier in upper case',
    { bootstrapQualifier: 'Team' },
    'bootstrapQualifier: "Team" is not allowed. Allowed: the qualifier',
  ],
  [
    'a boundary that is a role',
    { permissionsBoundary: role('edge') },
    `permissionsBoundary: "${role('edge')}" is not allowed. Allowed: the name or ARN of a managed policy.`,
  ],
  [
    "a tag of AWS's",
    { tags: 'aws:x=1' },
    'tags: the tag "aws:x" with the value "1" is not allowed.',
  ],
  // IAM would refuse the roles after the key was created.
  [
    'a tag that IAM refuses',
    { tags: 'team=R&D' },
    'tags: the tag "team" with the value "R&D" is not allowed.',
  ],
  [
    'more tags than a stack has',
    { tags: Array.from({ length: 51 }, (_, n) => `t${n}=1`).join(',') },
    'tags: got 51 tags. Allowed: up to 50.',
  ],
])('refuses %s', (_, context, message) => {
  expect(() => createApp({ ...least, ...context })).toThrow(message)
})

describe('with owners, the stack is a multisig', () => {
  const owners = [
    { approvers: { anna: role('anna') } },
    { approvers: { bert: role('bert') }, open: ['owners'] },
  ]

  test('as text, and as JSON', () => {
    const asText = synth({
      ...least,
      rpcUrl: 'https://rpc.example.com',
      owners: JSON.stringify(owners),
      proposers: `dora=${role('dora')}`,
      proposalHours: '24',
    })
    const asJson = synth({
      ...least,
      rpcUrl: 'https://rpc.example.com',
      owners,
      proposers: { dora: role('dora') },
      proposalHours: 24,
    })
    expect(asText).toEqual(asJson)
    expect(asText.Metadata['Keyward::Settings']).toMatchObject({ owners })
    const names = Object.values(
      asText.Resources as Record<string, { Properties: object }>,
    ).map(
      ({ Properties }) =>
        (Properties as { FunctionName?: string }).FunctionName,
    )
    expect(names).toContain('keyward-cosigner-2')
    expect(names).toContain('keyward-coordinator')
  })

  test.each<[string, Record<string, unknown>, string]>([
    [
      'an owner of nobody',
      { owners: [{}] },
      'owners: owner 1 has no approvers.',
    ],
    [
      'a misspelt setting',
      { owners: [{ approvers: {}, opens: [] }] },
      'owners: "opens" is not',
    ],
    [
      'a danger that is none',
      { owners: [{ approvers: {}, open: ['all'] }] },
      'owners: open of owner 1: "all" is not the name of a danger',
    ],
    [
      'a pin that is none',
      { owners: [{ approvers: {}, address: '0x1' }] },
      'owners: address of owner 1: "0x1" is not',
    ],
    [
      'no JSON',
      { owners: '[{' },
      'owners: the value (2 characters) is not valid JSON',
    ],
    [
      'users of the keys',
      { owners, users: role('a') },
      'users: is not a setting of a multisig',
    ],
    [
      'a coordinator of one key',
      { coordinator: false },
      'coordinator: is allowed only for a multisig',
    ],
    [
      'a safe file that is none',
      { owners, safe: '{}' },
      'safe: the value lacks "version": 1',
    ],
  ])('%s is refused', (_, context, message) => {
    expect(() => synth({ ...least, ...context })).toThrow(message)
  })
})
