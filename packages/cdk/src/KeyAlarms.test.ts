import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { afterAll, expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { KeywardStack } from './index.js'

// compliance.test.ts validates; it is most of what a synthesis costs.
process.env.CDK_VALIDATION = 'false'

const account = '123456789012'
const region = 'eu-central-1'
// The longest possible stack name.
const name = `treasury-${'x'.repeat(40)}`
const secret = `arn:aws:secretsmanager:${region}:${account}:secret:team/rpc-AbCdEf`
// Given without Secrets Manager's suffix, although its own name ends the same
// way.
const short = `arn:aws:secretsmanager:${region}:${account}:secret:team/relay-keyset`
const parameter = `arn:aws:ssm:${region}:${account}:parameter/team/hook`

const folder = mkdtempSync(join(tmpdir(), 'keyward-alarms-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
// With something to count, and so with a guard's table.
const policy = join(folder, 'policy.json')
writeFileSync(
  policy,
  JSON.stringify({ version: 1, rules: [{ id: 'a', windows: ['day'] }] }),
)

type Json = { [name: string]: unknown }
type Rule = { id: string; pattern: Json }

/** The rules as EventBridge gets them. */
async function synthesize(): Promise<Rule[]> {
  await ensureBuilt()
  const stack = new KeywardStack(new App(), name, {
    env: { account, region },
    network: 'sepolia',
    administrators: [`arn:aws:iam::${account}:role/admin`],
    alarmTopicArn: `arn:aws:sns:${region}:${account}:alarms`,
    rpcUrl: secret,
    sendRpcUrl: short,
    webhookUrl: 'https://example.com/hook',
    webhookSecretArn: parameter,
    policy,
    analyticsReporting: false,
  })
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string; Properties: Json }>
  }
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
    Type === 'AWS::Events::Rule' && Properties.EventPattern
      ? [{ id, pattern: resolve(Properties.EventPattern) as Json }]
      : [],
  )
}

/**
 * Values that CloudFormation fills in. A resource is named by the end of its
 * id.
 */
function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve)
  if (typeof value !== 'object' || value === null) return value
  const { Ref, 'Fn::GetAtt': att, 'Fn::Join': joined } = value as Json
  if (Ref === 'AWS::Partition') return 'aws'
  if (typeof Ref === 'string') return Ref.replace(/[0-9A-F]{8}$/, '')
  if (att)
    return `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`
  if (joined) {
    const [by, parts] = resolve(joined) as [string, string[]]
    return parts.join(by)
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, resolve(each)]),
  )
}

/** EventBridge's matching, as far as our rules use it, without wildcards. */
function matches(pattern: Json, event: Json): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === '$or')
      return (wanted as Json[]).some((each) => matches(each, event))
    const found = event[field]
    if (!Array.isArray(wanted))
      return (Array.isArray(found) ? found : [found ?? {}]).some((each) =>
        matches(wanted as Json, each as Json),
      )
    return (Array.isArray(found) ? found : [found]).some((value) =>
      wanted.some((each) => matchesValue(each, value)),
    )
  })
}

function matchesValue(wanted: unknown, value: unknown): boolean {
  if (typeof wanted === 'string') return wanted === value
  const { prefix, suffix, ...unknown } = wanted as {
    prefix?: string
    suffix?: string
  }
  expect(unknown).toEqual({})
  if (typeof value !== 'string') return false
  return prefix === undefined
    ? value.endsWith(suffix ?? '?')
    : value.startsWith(prefix)
}

/** An event in the form in which EventBridge passes on CloudTrail's record. */
const record = (service: string, eventName: string, detail: Json): Json => ({
  version: '0',
  'detail-type': 'AWS API Call via CloudTrail',
  source: `aws.${service}`,
  account,
  region,
  detail: {
    eventVersion: '1.09',
    eventSource: `${service}.amazonaws.com`,
    eventName,
    readOnly: false,
    ...detail,
  },
})

const rules = await synthesize()
const told = (event: Json) =>
  rules
    .filter(({ pattern }) => matches(pattern, event))
    .map(({ id }) => id.replace(/^Alarms|[0-9A-F]{8}$/g, ''))

const fn = `${name}-sender`
const functionArn = `arn:aws:lambda:${region}:${account}:function:${fn}`
const keyArn = `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`

test('no rule has a wildcard, or more characters than EventBridge accepts', () => {
  expect(rules).toHaveLength(18)
  for (const { pattern } of rules) {
    expect(JSON.stringify(pattern)).not.toContain('wildcard')
    expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048)
  }
})

test('a name that is too long for a rule is refused before the deployment', () => {
  const make = (length: number) =>
    new KeywardStack(new App(), name, {
      env: { account, region },
      network: 'sepolia',
      administrators: [`arn:aws:iam::${account}:role/admin`],
      alarmTopicArn: `arn:aws:sns:${region}:${account}:alarms`,
      rpcUrl: `arn:aws:ssm:${region}:${account}:parameter/${'a'.repeat(length)}`,
      analyticsReporting: false,
    })
  expect(() => make(300)).toThrow(
    /^alarmTopicArn: the event pattern of the rule SecretChanged0 would have up to \d+ characters, but EventBridge allows only 2048\. Shorten the names of the resources that the rule watches, or leave alarmTopicArn out\.$/,
  )
  make(250)
})

// Names as in Lambda's events, with the API version.
test.each([
  'UpdateFunctionCode20150331v2',
  'UpdateFunctionConfiguration20150331v2',
  'AddPermission20150331v2',
  'RemovePermission20150331v2',
  'CreateFunctionUrlConfig',
  'UpdateAlias20150331',
  'PutFunctionConcurrency20171031',
  'DeleteFunctionConcurrency20171031',
  'PutFunctionCodeSigningConfig',
  'DeleteFunctionCodeSigningConfig',
  // A function recreated under its name has its role but other code; an alias
  // points to an older version.
  'DeleteFunction20150331',
  'CreateFunction20150331',
  'DeleteAlias20150331',
  'CreateAlias20150331',
  'UpdateFunctionUrlConfig',
  'PutFunctionEventInvokeConfig',
])('%s raises an alarm, however the function is named', (eventName) => {
  for (const functionName of [
    fn,
    `${fn}:payouts`,
    `function:${fn}`,
    `function:${fn}:1`,
    `${account}:function:${fn}`,
    `${account}:function:${fn}:payouts`,
    `${region}:${account}:function:${fn}`,
    `${region}:${account}:function:${fn}:$LATEST`,
    functionArn,
    `${functionArn}:payouts`,
  ])
    expect([
      functionName,
      told(
        record('lambda', eventName, { requestParameters: { functionName } }),
      ),
    ]).toEqual([functionName, ['FunctionChanged3']])
  for (const functionName of [
    `${fn}2`,
    `x${fn}`,
    `${account}:function:x${fn}:payouts`,
    `${functionArn}2:payouts`,
  ])
    expect(
      told(
        record('lambda', eventName, { requestParameters: { functionName } }),
      ),
    ).toEqual([])
})

/**
 * Events about a table, by the rule that matches them, with DynamoDB's names.
 */
const ofTable = (
  prefix: string,
  table: string,
): [string, string, string, Json][] => {
  const place = `arn:aws:dynamodb:${region}:${account}`
  const arn = `${place}:table/${table}`
  const rows: [string, string, string[], Json][] = [
    ['Changed', 'tableName', tableEvents, {}],
    [
      'Changed',
      'resourceArn',
      ['PutResourcePolicy', 'DeleteResourcePolicy'],
      {},
    ],
    ['Restored', 'targetTableName', restores, {}],
    ['Restored', 'sourceTableName', ['RestoreTableToPointInTime'], {}],
    ['Restored', 'sourceTableArn', ['RestoreTableToPointInTime'], {}],
    [
      'Restored',
      'backupArn',
      ['DeleteBackup', 'RestoreTableFromBackup'],
      { targetTableName: 'other' },
    ],
    [
      'Copied',
      'globalTableName',
      ['CreateGlobalTable', 'UpdateGlobalTable'],
      {},
    ],
    ['Copied', 'tableCreationParameters', ['ImportTable'], {}],
  ]
  const named: Record<string, unknown[]> = {
    tableName: [table, arn],
    resourceArn: [arn],
    targetTableName: [table],
    sourceTableName: [table],
    sourceTableArn: [arn],
    backupArn: [`${arn}/backup/01489602797149-73d8d5bc`],
    globalTableName: [table],
    tableCreationParameters: [{ tableName: table }],
  }
  return rows.flatMap(([rule, field, events, more]) =>
    events.flatMap((eventName) =>
      (named[field] ?? []).map((value): [string, string, string, Json] => [
        `${prefix}${rule}`,
        'dynamodb',
        eventName,
        { requestParameters: { ...more, [field]: value } },
      ]),
    ),
  )
}
const tableEvents = [
  'CreateTable',
  'DeleteTable',
  'UpdateTable',
  'CreateTableReplica',
  'UpdateContinuousBackups',
  'UpdateTimeToLive',
]
const restores = [
  'RestoreTableFromBackup',
  'RestoreTableFromAwsBackup',
  'RestoreTableToPointInTime',
]

test.each<[string, string, string, Json]>([
  ...ofTable('Ledger', 'SenderLedger'),
  ...ofTable('Guard', 'Guard'),
  ...[
    'PutKeyPolicy',
    'CreateGrant',
    'ScheduleKeyDeletion',
    'DisableKey',
    'DeleteImportedKeyMaterial',
    'EnableKey',
    'CancelKeyDeletion',
    'ImportKeyMaterial',
    'UpdateKeyDescription',
  ].map((eventName): [string, string, string, Json] => [
    'KeyChanged',
    'kms',
    eventName,
    { resources: [{ accountId: account, type: 'AWS::KMS::Key', ARN: keyArn }] },
  ]),
  // From AWS's guide: the alias and the key that it now points to.
  [
    'AliasMoved',
    'kms',
    'UpdateAlias',
    {
      requestParameters: { aliasName: `alias/${name}`, targetKeyId: 'other' },
      resources: [{ ARN: `arn:aws:kms:${region}:${account}:alias/${name}` }],
    },
  ],
  [
    'AliasMoved',
    'kms',
    'UpdateAlias',
    {
      requestParameters: { aliasName: 'alias/other', targetKeyId: keyArn },
      resources: [{ ARN: 'arn:…:alias/other' }, { ARN: keyArn }],
    },
  ],
  ...[
    'UpdateAssumeRolePolicy',
    'PutRolePolicy',
    'AttachRolePolicy',
    'DeleteRolePolicy',
    'DetachRolePolicy',
    'DeleteRole',
    'PutRolePermissionsBoundary',
    'DeleteRolePermissionsBoundary',
    'TagRole',
    'UntagRole',
  ].map((eventName): [string, string, string, Json] => [
    'RoleChanged',
    'iam',
    eventName,
    { requestParameters: { roleName: fn } },
  ]),
  ...[
    'PutSecretValue',
    'UpdateSecret',
    'UpdateSecretVersionStage',
    'RotateSecret',
    'DeleteSecret',
  ].flatMap((eventName) =>
    [secret, secret.slice(0, -7), 'team/rpc'].map(
      (secretId): [string, string, string, Json] => [
        'SecretChanged0',
        'secretsmanager',
        eventName,
        { requestParameters: { secretId } },
      ],
    ),
  ),
  ...[short, `${short}-AbCdEf`, 'team/relay-keyset'].map(
    (secretId): [string, string, string, Json] => [
      'SecretChanged1',
      'secretsmanager',
      'PutSecretValue',
      { requestParameters: { secretId } },
    ],
  ),
  ...[parameter, '/team/hook'].map((id): [string, string, string, Json] => [
    'SecretChanged2',
    'ssm',
    'PutParameter',
    { requestParameters: { name: id, type: 'SecureString' } },
  ]),
  [
    'SecretChanged2',
    'ssm',
    'DeleteParameters',
    { requestParameters: { names: ['/other', '/team/hook'] } },
  ],
  ...['DisableRule', 'DeleteRule', 'PutRule'].map(
    (eventName): [string, string, string, Json] => [
      'ClockChanged',
      'events',
      eventName,
      { requestParameters: { name: 'SenderSchedule' } },
    ],
  ),
  [
    'ClockChanged',
    'events',
    'RemoveTargets',
    { requestParameters: { rule: 'SenderSchedule', ids: ['Target0'] } },
  ],
])('%s matches %s %s', (rule, service, eventName, detail) => {
  expect(told(record(service, eventName, detail))).toEqual([rule])
})

test('read-only calls, and calls for other resources, raise no alarm', () => {
  for (const [service, eventName, detail] of [
    ['kms', 'DescribeKey', { resources: [{ ARN: keyArn }] }],
    ['kms', 'PutKeyPolicy', { resources: [{ ARN: `${keyArn}0` }] }],
    ['lambda', 'Invoke', { requestParameters: { functionName: fn } }],
    ['iam', 'PutRolePolicy', { requestParameters: { roleName: 'other' } }],
    [
      'secretsmanager',
      'PutSecretValue',
      { requestParameters: { secretId: 'team/rpc2' } },
    ],
    ['events', 'DisableRule', { requestParameters: { name: 'other' } }],
    ['dynamodb', 'PutItem', { requestParameters: { tableName: 'Guard' } }],
    ['dynamodb', 'UpdateTable', { requestParameters: { tableName: 'Guard2' } }],
    ['lambda', 'UpdateFunctionCode20150331v2', { requestParameters: null }],
  ] as const)
    expect(told(record(service, eventName, detail))).toEqual([])
})
