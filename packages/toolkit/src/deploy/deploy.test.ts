import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AwsConnection } from '../aws/connectAws.js'
import { settingsOf } from '../stack/Template.js'
import { assertRegion } from './assertRegion.js'
import * as ChangeSet from './ChangeSet.js'
import { compareProperties } from './compareProperties.js'
import { DeployFailedError, DeployOvertakenError } from './DeployError.js'
import { isEnd } from './followStack.js'
import { gatherSettings } from './gatherSettings.js'
import { prepareChangeSet } from './prepareChangeSet.js'
import * as Settings from './Settings.js'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward-settings-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('settings', () => {
  test("flags with the app's names, only those given", () => {
    expect(
      Settings.fromFlags({
        ...{ network: 'sepolia', admin: ['arn:a', 'arn:b'], concurrency: 0 },
        ...{ maxTransactionFee: '0.1', breakGlass: ['arn:c'] },
        ...{ existingLedger: 'payouts', ledgerWriter: ['arn:d'] },
      }),
    ).toEqual({
      network: 'sepolia',
      administrators: ['arn:a', 'arn:b'],
      reservedConcurrentExecutions: 0,
      maxTransactionFeeEther: '0.1',
      breakGlass: ['arn:c'],
      existingLedgerTable: 'payouts',
      ledgerWriters: ['arn:d'],
    })
  })

  test("the home's user signs only with the key of the home's own stack", async () => {
    const file = join(folder, 'local.context.json')
    const roles = { administrators: ['a'], users: ['u'], breakGlass: ['b'] }
    await writeFile(file, JSON.stringify(roles))
    const target = { kind: 'local' } as AwsConnection['target']
    const gather = (stack: string) =>
      gatherSettings(file, { target }, stack, undefined, { policy: 'p.json' })
    const { users, ...others } = roles
    expect(await gather('treasury')).toEqual({ ...others, policy: 'p.json' })
    expect(await gather('keyward-dev')).toEqual({
      ...{ ...roles, policy: 'p.json', unguardedUsers: true },
    })
  })

  test('pairs, with = in the value', () => {
    expect(Settings.fromPairs(['invokers=a=arn:x', 'logLevel='])).toEqual({
      invokers: 'a=arn:x',
      logLevel: '',
    })
  })

  test.each(['', '=x', 'a', 'a b=1', '__proto__=1', 'stackName=x'])(
    '-c %j is refused',
    (pair) => {
      expect(() => Settings.fromPairs([pair])).toThrow(
        expect.objectContaining({ code: 'invalid-input' }),
      )
    },
  )

  test('later layers win, and an empty text removes a setting', () => {
    const merged = Settings.merge(
      { network: 'local', users: ['a'], logLevel: 'DEBUG' },
      { network: 'sepolia', users: ['b'] },
      { logLevel: '' },
    )
    expect(merged).toEqual({ network: 'sepolia', users: ['b'] })
  })

  test('what a template stores or omits', () => {
    const settings = { network: 'sepolia' }
    expect(settingsOf({ Metadata: { 'Keyward::Settings': settings } })).toEqual(
      settings,
    )
    expect(settingsOf({ Metadata: { other: 1 } })).toEqual({})
    expect(settingsOf(undefined)).toEqual({})
  })

  test('a file, without its stackName', async () => {
    const file = join(folder, 'good.json')
    await writeFile(file, '{"stackName":"x","network":"sepolia"}')
    expect(await Settings.fromFile(file)).toEqual({ network: 'sepolia' })
  })

  test.each([
    ['[]', 'is not a JSON object'],
    ['"x"', 'is not a JSON object'],
    ['{', "can't be read"],
    ['', "can't be read"],
  ])('a file with %j is refused', async (text, message) => {
    const file = join(folder, 'bad.json')
    await writeFile(file, text)
    await expect(Settings.fromFile(file)).rejects.toThrow(message)
  })
})

describe('changes', () => {
  const change = (
    action: ChangeSet.ResourceChange['action'],
    more: Partial<ChangeSet.ResourceChange> = {},
  ): ChangeSet.ResourceChange => ({
    ...{ action, type: 'AWS::Lambda::Function', logicalId: 'Fn' },
    ...{ physicalId: '', scope: [], properties: [] },
    ...{ maybe: false, policy: undefined },
    ...more,
  })

  test('that remove the key are recognised', () => {
    const key = { type: 'AWS::KMS::Key' }
    expect(ChangeSet.losesKey([change('remove', key)])).toBe(true)
    expect(ChangeSet.losesKey([change('replace', key)])).toBe(true)
    expect(ChangeSet.losesKey([change('modify', key)])).toBe(false)
    expect(ChangeSet.losesKey([change('replace')])).toBe(false)
  })
})

test('the properties that change are named, with short plain values', () => {
  const of = (Properties: Record<string, unknown>) => ({
    Resources: { Fn: { Type: 'AWS::Lambda::Function', Properties } },
  })
  const before = of({
    ...{ Timeout: 30, Role: { Ref: 'A' }, Layers: ['a'], Same: { a: 1 } },
    Environment: { Variables: { LEVEL: 'INFO', URL: 'https://a/key' } },
    ...{ Long: 'x'.repeat(61), Lines: 'a\n+ add' },
  })
  const after = of({
    ...{ Timeout: 60, Role: { Ref: 'B' }, Layers: ['b'], Same: { a: 1 } },
    Environment: {
      Variables: { LEVEL: 'DEBUG', URL: 'https://b/key', NEW: '' },
    },
    ...{ Long: 'y', Lines: 'b' },
  })
  const unknown = { before: undefined, after: undefined }
  expect(compareProperties(before, after, 'Fn')).toEqual([
    { name: 'Timeout', before: '30', after: '60' },
    { name: 'Role', ...unknown },
    { name: 'Layers', ...unknown },
    { name: 'Environment.Variables.LEVEL', before: 'INFO', after: 'DEBUG' },
    { name: 'Environment.Variables.URL', ...unknown },
    { name: 'Environment.Variables.NEW', before: undefined, after: '' },
    { name: 'Long', ...unknown },
    { name: 'Lines', ...unknown },
  ])
  expect(compareProperties(undefined, after, 'Fn')).toEqual([])
  expect(compareProperties(before, after, 'Other')).toEqual([])
})

test("a policy's statements are compared by their Sids", () => {
  const of = (...Statement: unknown[]) => ({
    Resources: {
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement } } },
    },
  })
  const statement = (
    Sid: string | undefined,
    AWS: string,
    Effect = 'Allow',
  ) => ({
    ...{ ...(Sid && { Sid }), Effect, Action: ['kms:Sign'] },
    ...{ Principal: { AWS }, Resource: '*' },
  })
  const deny = statement('NoGrants', '*', 'Deny')
  const before = of(statement('Users', 'arn:a'), deny, statement('Gone', '*'))
  const after = of(deny, statement('Users', 'arn:b'), statement('New', '*'))
  const path = 'KeyPolicy.Statement'
  expect(compareProperties(before, after, 'Key')).toEqual([
    { name: `${path}.Users.Principal.AWS`, before: 'arn:a', after: 'arn:b' },
    { name: `${path}.Gone`, before: 'Allow statement', after: undefined },
    { name: `${path}.New`, before: undefined, after: 'Allow statement' },
  ])
  // Without Sids, or with the same one twice, there is nothing to name.
  for (const sid of [undefined, 'New'])
    expect(
      compareProperties(
        before,
        of(statement(sid, '*'), statement(sid, '*')),
        'Key',
      ),
    ).toEqual([{ name: path, before: undefined, after: undefined }])
})

test('a stack is idle or in progress', () => {
  const resting = ['CREATE_COMPLETE', 'ROLLBACK_FAILED', 'REVIEW_IN_PROGRESS']
  expect(resting.every(isEnd)).toBe(true)
  expect(
    ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'].some(isEnd),
  ).toBe(false)
})

test('FIPS is refused if a service has no host for it', async () => {
  const signs = { network: 'sepolia', fips: 'true' }
  await assertRegion(signs, 'eu-west-1')
  await expect(
    assertRegion({ ...signs, rpcUrl: 'https://rpc.example.org' }, 'eu-west-1'),
  ).rejects.toThrow(
    'fips: DynamoDB (the ledger) has no FIPS endpoint in "eu-west-1".',
  )
})

test("the stack's resources must be in its Region", async () => {
  const existingKeyArn =
    'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555'
  await assertRegion({ existingKeyArn, network: 'sepolia' }, 'us-east-1')
  await expect(assertRegion({ existingKeyArn }, 'eu-west-1')).rejects.toThrow(
    'existingKeyArn names a resource in us-east-1, but the stack is deployed to eu-west-1.',
  )
})

test('the first failure is distinguished from its consequences', () => {
  const { applies } = DeployOvertakenError
  expect(applies('InvalidChangeSetStatusException', '')).toBe(true)
  expect(applies('', 'Stack:x is in UPDATE_IN_PROGRESS state')).toBe(true)
  // Made by the other between our look and our request.
  expect(
    applies(
      '',
      'Stack [x] already exists and cannot be created again with the changeSet [a].',
    ),
  ).toBe(true)
  expect(applies('ValidationError', 'Template error')).toBe(false)
})

test('a failure names each reason, what remains, and how to remove it', () => {
  const target = { kind: 'local', endpoint: 'http://127.0.0.1:1' } as const
  const error = new DeployFailedError('treasury', target, {
    status: 'ROLLBACK_COMPLETE',
    failures: [
      {
        ...{ logicalId: 'Role', type: 'AWS::IAM::Role' },
        reason: 'treasury-legacy-signer already exists',
      },
    ],
    kept: [
      { type: 'AWS::KMS::Key', physicalId: 'a-key' },
      { type: 'AWS::Logs::LogGroup', physicalId: 'a-log' },
      { type: 'AWS::DynamoDB::GlobalTable', physicalId: 'a-table' },
      { type: 'AWS::Lambda::Version', physicalId: 'f:1' },
    ],
  })
  expect(
    error.message,
  ).toBe(`The deployment of the stack treasury ended in ROLLBACK_COMPLETE.
Role (AWS::IAM::Role): treasury-legacy-signer already exists
a-key (AWS::KMS::Key) was created, and remains although it belongs to no stack. It costs money until it is deleted, and only the break-glass role in its policy can delete it:
  keyward key schedule-deletion --key a-key
a-log (AWS::Logs::LogGroup) was created, and remains although it belongs to no stack. It costs money until it is deleted:
  aws --endpoint-url "$AWS_ENDPOINT_URL" logs delete-log-group --log-group-name a-log
a-table (AWS::DynamoDB::GlobalTable) was created, and remains although it belongs to no stack. It costs money until it is deleted:
  aws --endpoint-url "$AWS_ENDPOINT_URL" dynamodb update-table --table-name a-table --no-deletion-protection-enabled
  aws --endpoint-url "$AWS_ENDPOINT_URL" dynamodb delete-table --table-name a-table
aws dynamodb update-table needs AWS CLI 2.11.2 or later (version 1: 1.27.87).
Fix the cause and deploy again.
See docs/errors/deploy-failed.md`)
})

test.each([
  [
    'AccessDenied: not authorized to perform: sts:AssumeRole',
    'The CDK could not prepare the change set.',
    'cdk-failed',
  ],
  [
    'SSM parameter /cdk-bootstrap/hnb659fds/version not found. Has the environment been bootstrapped?',
    'The AWS account 123456789012 is not bootstrapped for the CDK in eu-west-1.',
    'bootstrap-missing',
  ],
])('a failure of the CDK is reported: %s', async (said, sentence, code) => {
  const cdk = join(folder, 'cdk.cjs')
  const text = `console.error(${JSON.stringify(said)}); process.exit(1)`
  await writeFile(cdk, text)
  const connection = {
    ...{ target: { kind: 'aws' }, account: '123456789012' },
    region: 'eu-west-1',
  } as AwsConnection
  const assembly = { directory: folder, template: {}, remove: async () => {} }
  const prepared = prepareChangeSet(connection, cdk, 'treasury', assembly)
  const error = (await prepared.catch((error) => error)) as Error
  expect(error).toMatchObject({ code })
  expect(error.message).toContain(sentence)
  if (code === 'cdk-failed') expect(error.message).toContain(said)
})
