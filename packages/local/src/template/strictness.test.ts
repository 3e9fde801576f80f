import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStackHome } from '../../../../test/support/openStackHome.js'
import { writeAssembly } from '../../../../test/support/signerAssembly.js'

// The home refuses what AWS refuses, even if it has no meaning here. Otherwise
// the first deployment in AWS would roll back after minutes.

type Json = Record<string, unknown>

let folder = ''
let home: Awaited<ReturnType<typeof openStackHome>>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyward strict-'))
  home = await openStackHome(join(folder, 'home'))
})
afterEach(async () => {
  await home.close()
  rmSync(folder, { recursive: true, force: true })
})

const deploy = (Resources: Json, Outputs: Json = {}) =>
  home.deploy(
    writeAssembly(join(folder, 'cdk.out'), { Resources, Outputs } as never),
    { stackName: 'stack' },
  )
const rule = (Properties: Json) => ({ Type: 'AWS::Events::Rule', Properties })
const heard = (EventPattern: Json) => rule({ EventPattern })
const target = (RetryPolicy: Json) =>
  rule({
    ScheduleExpression: 'rate(1 minute)',
    Targets: [
      {
        Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f:clock',
        Id: 'a',
        RetryPolicy,
      },
    ],
  })
const alarm = (more: Json = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    ...{ ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 2 },
    ...{ Namespace: 'AWS/Lambda', MetricName: 'Invocations', Period: 300 },
    ...{ Statistic: 'Sum', Threshold: 1, TreatMissingData: 'breaching' },
    ...more,
  },
})
const role = (Tags: Json[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    },
    Tags,
  },
})
const queue = (Properties: Json) => ({ Type: 'AWS::SQS::Queue', Properties })

test('what AWS takes is taken', async () => {
  const state = await deploy({
    Rule: heard({
      source: ['aws.kms'],
      detail: {
        eventName: ['PutKeyPolicy', { prefix: 'UpdateAlias' }],
        $or: [
          { resources: { ARN: ['a'] } },
          { requestParameters: { aliasName: [{ suffix: 'a' }] } },
        ],
      },
    }),
    Clock: target({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 }),
    Alarm: alarm(),
    Queue: queue({ MessageRetentionPeriod: 1_209_600 }),
  })
  expect(state.status).toBe('CREATE_COMPLETE')
})

const fields = 'There must have at least 2 Objects in $or relationship.'
test.each<[string, Json, string]>([
  [
    'a value that is no list',
    heard({ source: 'aws.kms' }),
    'must be an object or an array',
  ],
  ['no value', heard({ source: [] }), 'Empty arrays are not allowed'],
  ['no field', heard({}), 'Empty objects are not allowed'],
  ['one alternative', heard({ $or: [{ source: ['a'] }] }), fields],
  ['alternatives of text', heard({ $or: ['a', 'b'] }), fields],
  [
    'two ways at once',
    heard({ source: [{ prefix: 'a', suffix: 'b' }] }),
    'Only one key allowed in match expression',
  ],
  [
    'an unknown way',
    heard({ source: [{ begins: 'a' }] }),
    'Unrecognized match type begins',
  ],
  [
    'an empty prefix',
    heard({ source: [{ prefix: '' }] }),
    'prefix match pattern must not be empty',
  ],
  [
    'a list in a list',
    heard({ source: [['a']] }),
    'Nested arrays are not allowed',
  ],
  [
    'a wildcard within alternatives',
    heard({ $or: [{ a: [{ wildcard: '*' }] }, { b: ['c'] }] }),
    'EventPattern has a wildcard',
  ],
  [
    'a rule without a reason',
    rule({}),
    'needs ScheduleExpression or EventPattern',
  ],
  [
    'a long description',
    rule({
      Description: 'a'.repeat(513),
      ScheduleExpression: 'rate(1 minute)',
    }),
    'characters. EventBridge allows up to 512',
  ],
  [
    'a wrong name',
    rule({ Name: 'a b', ScheduleExpression: 'rate(1 minute)' }),
    'It must be 1 to 64',
  ],
  [
    'events of less than a minute',
    target({ MaximumEventAgeInSeconds: 59 }),
    'RetryPolicy: ',
  ],
  ['too many retries', target({ MaximumRetryAttempts: 186 }), 'RetryPolicy: '],
  [
    'a misspelt property',
    alarm({ Treshold: 1 }),
    "doesn't support the property Treshold",
  ],
  [
    'another comparison',
    alarm({ ComparisonOperator: 'Less' }),
    'ComparisonOperator must be',
  ],
  [
    'no comparison',
    alarm({ ComparisonOperator: undefined }),
    'ComparisonOperator is missing',
  ],
  [
    'another word for missing data',
    alarm({ TreatMissingData: 'NOT_BREACHING' }),
    'TreatMissingData must be',
  ],
  [
    'half a minute more',
    alarm({ Period: 90 }),
    'Period must be 10, 20, 30 or a multiple of 60',
  ],
  [
    'what is kept too long',
    queue({ MessageRetentionPeriod: 1_209_601 }),
    'MessageRetentionPeriod must be from 60 to 1209600',
  ],
  [
    'another network',
    {
      Type: 'AWS::ManagedBlockchain::Accessor',
      Properties: {
        AccessorType: 'BILLING_TOKEN',
        NetworkType: 'ETHEREUM_SEPOLIA',
      },
    },
    'NetworkType must be',
  ],
  [
    'a tag with other characters',
    role([{ Key: 'team', Value: 'R&D' }]),
    'Tags: The tag "team" with the value "R&D" is too long, or has characters',
  ],
  [
    "a tag of AWS's",
    role([{ Key: 'aws:a', Value: 'b' }]),
    'Tags: The tag "aws:a"',
  ],
  [
    'a policy of no queue',
    { Type: 'AWS::SQS::QueuePolicy', Properties: { PolicyDocument: {} } },
    'Queues is missing',
  ],
])('%s is refused', async (_, resource, reason) => {
  const written = JSON.parse(JSON.stringify(resource))
  await expect(deploy({ Refused: written })).rejects.toThrow(reason)
})

test('CloudFormation counts', async () => {
  const outputs = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`Out${n}`, { Value: 'a' }]),
    )
  await expect(deploy({ Alarm: alarm() }, outputs(201))).rejects.toThrow(
    'Template format error: Number of outputs, 201, is greater than maximum allowed, 200',
  )
  await deploy({ Alarm: alarm() }, outputs(200))
  const alarms = Object.fromEntries(
    Array.from({ length: 501 }, (_, n) => [`Alarm${n}`, alarm()]),
  )
  await expect(deploy(alarms)).rejects.toThrow(
    'Template format error: Number of resources, 501, is greater than maximum allowed, 500',
  )
})

test('who makes a key has to see it, and changes none that is being deleted', async () => {
  const key = (actions: string[], Description = 'a') => ({
    Type: 'AWS::KMS::Key',
    Properties: {
      ...{ KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY', Description },
      KeyPolicy: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: home.deployer.roleArn },
          Action: actions.map((name) => `kms:${name}`),
          Resource: '*',
        },
      },
    },
  })
  await expect(deploy({ Key: key(['PutKeyPolicy']) })).rejects.toThrow(
    /not authorized to perform: kms:DescribeKey/,
  )
  const enough = ['PutKeyPolicy', 'DescribeKey', 'UpdateKeyDescription']
  const may = [...enough, 'ScheduleKeyDeletion']
  const { resources } = await deploy({ Key: key(may) })
  await deploy({ Key: key(may, 'b') })
  const KeyId = resources.Key?.physicalId
  await home.kms.call('ScheduleKeyDeletion', { KeyId }, home.deployer)
  await expect(deploy({ Key: key(may, 'c') })).rejects.toThrow(
    `Resource of type 'AWS::KMS::Key' with identifier '${KeyId}' was not found.`,
  )
})
