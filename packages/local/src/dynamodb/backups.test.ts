import { setImmediate } from 'node:timers/promises'
import {
  CreateBackupCommand,
  DescribeBackupCommand,
  DescribeTableCommand,
  RestoreTableFromBackupCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ledgerTable } from '../../../../test/support/ledgerTable.js'
import {
  openDynamoDb,
  tableArn,
  user,
} from '../../../../test/support/openDynamoDb.js'

const TableName = 'ledger'
const arn = tableArn(TableName)
const day = 24 * 3600 * 1000
const start = Date.UTC(2026, 0, 1)
let clock = start
const now = () => clock

type Opened = Awaited<ReturnType<typeof openDynamoDb>>
let opened: Opened
beforeEach(async () => {
  clock = start
  opened = await openDynamoDb({ now })
  await call('CreateTable', ledgerTable(TableName))
})
afterEach(() => opened.close())

const call: Opened['call'] = (...given) => opened.call(...given)
const ask = (...given: Parameters<Opened['call']>) =>
  call(...given).then(
    () => 'yes',
    ({ type, text }) => `${type}: ${text}`,
  )
const row = (sk: string, value = 'x') => ({
  pk: { S: 'p' },
  sk: { S: sk },
  open: { S: 'o' },
  created: { S: value },
})
const put = (sk: string, value?: string) =>
  call('PutItem', { TableName, Item: row(sk, value) })
const recovery = (on: boolean, more = {}) =>
  call('UpdateContinuousBackups', {
    TableName,
    PointInTimeRecoverySpecification: {
      PointInTimeRecoveryEnabled: on,
      ...more,
    },
  })
const backUp = async () => {
  const BackupName = 'nightly'
  const { BackupDetails } = await call('CreateBackup', {
    TableName,
    BackupName,
  })
  return (BackupDetails as { BackupArn: string }).BackupArn
}
const describe = async (name: string) =>
  (await call('DescribeTable', { TableName: name })).Table as Record<
    string,
    unknown
  >
async function filled(name: string) {
  while ((await describe(name)).TableStatus !== 'ACTIVE') await setImmediate()
}
/** The items, as `sk=value`. Checks that the index has them too. */
async function rows(name: string, by = opened) {
  const all = (await by.call('Scan', { TableName: name })) as Found
  const indexed = (await by.call('Scan', {
    TableName: name,
    IndexName: 'open',
  })) as Found
  expect(indexed.Count).toBe(all.Count)
  return all.Items.map(({ sk, created }) => `${sk?.S}=${created?.S}`).sort()
}
type Found = { Count: number; Items: Record<string, { S: string }>[] }

test('a backup is restored into a table of its own, by the SDK', async () => {
  const client = opened.as('operator')
  await put('a')
  clock += 1500
  const { BackupDetails } = await client.send(
    new CreateBackupCommand({ TableName, BackupName: 'nightly' }),
  )
  expect(BackupDetails).toEqual({
    BackupArn: expect.stringMatching(
      new RegExp(`^${arn}/backup/0${clock}-[0-9a-f]{8}$`),
    ),
    BackupName: 'nightly',
    BackupSizeBytes: 0,
    BackupStatus: 'CREATING',
    BackupType: 'USER',
    BackupCreationDateTime: new Date(clock),
  })
  const BackupArn = BackupDetails?.BackupArn
  const { BackupDescription } = await client.send(
    new DescribeBackupCommand({ BackupArn }),
  )
  const { KeySchema, GlobalSecondaryIndexes = [] } = ledgerTable(TableName)
  expect(BackupDescription).toEqual({
    BackupDetails: { ...BackupDetails, BackupStatus: 'AVAILABLE' },
    SourceTableDetails: {
      TableName,
      TableArn: arn,
      TableId: expect.stringMatching(/^[0-9a-f-]+$/),
      TableSizeBytes: 0,
      ItemCount: 0,
      KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      TableCreationDateTime: expect.any(Date),
    },
    SourceTableFeatureDetails: {
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map((index) => ({
        ...index,
        ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      })),
    },
  })
  await put('b')
  await call('DeleteTable', { TableName })

  const restored = await client.send(
    new RestoreTableFromBackupCommand({
      TargetTableName: 'restored',
      BackupArn,
    }),
  )
  expect(restored.TableDescription).toMatchObject({
    TableName: 'restored',
    TableArn: tableArn('restored'),
    TableStatus: 'CREATING',
    DeletionProtectionEnabled: false,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    RestoreSummary: {
      SourceBackupArn: BackupArn,
      SourceTableArn: arn,
      RestoreDateTime: new Date(clock),
      RestoreInProgress: true,
    },
  })
  await waitUntilTableExists(
    { client, maxWaitTime: 10, minDelay: 1 },
    { TableName: 'restored' },
  )
  const { Table } = await client.send(
    new DescribeTableCommand({ TableName: 'restored' }),
  )
  expect(Table).not.toHaveProperty('RestoreSummary')
  expect(Table?.GlobalSecondaryIndexes).toHaveLength(2)
  expect(await rows('restored')).toEqual(['a=x'])
})

test('a restored table has none of the settings of its source', async () => {
  await call('UpdateTable', { TableName, DeletionProtectionEnabled: true })
  await recovery(true)
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Deny',
      Principal: '*',
      Action: ['dynamodb:PutItem', 'dynamodb:BatchWriteItem'],
      Resource: '*',
    },
  })
  await put('a')
  await call('PutResourcePolicy', { ResourceArn: arn, Policy })
  const BackupArn = await backUp()
  clock += 1000
  const restores = {
    'from-backup': ['RestoreTableFromBackup', { BackupArn }],
    'from-time': [
      'RestoreTableToPointInTime',
      { SourceTableName: TableName, UseLatestRestorableTime: true },
    ],
  } as const
  for (const [name, [operation, input]] of Object.entries(restores)) {
    await call(operation, { TargetTableName: name, ...input })
    await filled(name)
    expect(await rows(name)).toEqual(['a=x'])
    expect(await describe(name)).toMatchObject({
      DeletionProtectionEnabled: false,
    })
    expect(
      await call('DescribeContinuousBackups', { TableName: name }),
    ).toMatchObject({
      ContinuousBackupsDescription: {
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: 'DISABLED',
        },
      },
    })
    expect(
      await call('ListTagsOfResource', { ResourceArn: tableArn(name) }),
    ).toEqual({ Tags: [] })
    expect(
      await ask('GetResourcePolicy', { ResourceArn: tableArn(name) }),
    ).toContain('PolicyNotFoundException')
    expect(await ask('PutItem', { TableName: name, Item: row('b') })).toBe(
      'yes',
    )
  }
})

test('a table is recovered as it was at any time since', async () => {
  await put('a', 'before')
  clock += 1000
  await recovery(true)
  const times: [number, string[]][] = [[clock, ['a=before']]]
  const step = async (change: () => Promise<unknown>, expected: string[]) => {
    clock += 1000
    await change()
    times.push([clock, expected])
  }
  const Key = { pk: { S: 'p' }, sk: { S: 'b' } }
  await step(() => put('a', 'after'), ['a=after'])
  await step(() => put('b', '1'), ['a=after', 'b=1'])
  await step(
    () =>
      call('UpdateItem', {
        TableName,
        Key,
        UpdateExpression: 'SET created = :c',
        ExpressionAttributeValues: { ':c': { S: '2' } },
      }),
    ['a=after', 'b=2'],
  )
  await step(() => call('DeleteItem', { TableName, Key }), ['a=after'])
  await step(
    () =>
      call('BatchWriteItem', {
        RequestItems: {
          [TableName]: [
            { PutRequest: { Item: row('c') } },
            { DeleteRequest: { Key: { ...Key, sk: { S: 'a' } } } },
          ],
        },
      }),
    ['c=x'],
  )
  const { dataDir } = opened
  await opened.db.close()
  const again = await openDynamoDb({ dataDir, now })
  clock += 1000
  for (const [i, [at, expected]] of times.entries()) {
    for (const [j, time] of [at, at + 999].entries()) {
      const TargetTableName = `restored-${i}-${j}`
      const { TableDescription } = await again.call(
        'RestoreTableToPointInTime',
        {
          SourceTableArn: arn,
          TargetTableName,
          RestoreDateTime: time / 1000,
        },
      )
      expect(TableDescription).toMatchObject({
        RestoreSummary: {
          SourceTableArn: arn,
          RestoreDateTime: time / 1000,
          RestoreInProgress: true,
        },
      })
      const status = async () =>
        (
          (await again.call('DescribeTable', { TableName: TargetTableName }))
            .Table as { TableStatus: string }
        ).TableStatus
      while ((await status()) !== 'ACTIVE') await setImmediate()
      expect(await rows(TargetTableName, again)).toEqual(expected)
    }
  }
  await again.close()
})

test('the times that can be recovered end where the period does', async () => {
  const described = async () => {
    const { ContinuousBackupsDescription: found } = await call(
      'DescribeContinuousBackups',
      { TableName },
    )
    return (found as Record<string, unknown>).PointInTimeRecoveryDescription
  }
  const restore = (at: number) =>
    ask('RestoreTableToPointInTime', {
      SourceTableName: TableName,
      TargetTableName: 'restored',
      RestoreDateTime: at / 1000,
    })
  await recovery(true, { RecoveryPeriodInDays: 2 })
  expect(await described()).toEqual({
    PointInTimeRecoveryStatus: 'ENABLED',
    RecoveryPeriodInDays: 2,
    EarliestRestorableDateTime: start / 1000,
    LatestRestorableDateTime: start / 1000,
  })
  clock += 3 * day
  expect(await described()).toMatchObject({
    EarliestRestorableDateTime: (start + day) / 1000,
    LatestRestorableDateTime: clock / 1000,
  })
  for (const at of [0, start + day - 1, clock + 1])
    expect(await restore(at)).toBe(
      `InvalidRestoreTimeException: RestoreDateTime '${new Date(at).toISOString().replace('.000Z', 'Z')}' must be within EarliestRestorableDateTime '2026-01-02T00:00:00Z' and LatestRestorableDateTime '2026-01-04T00:00:00Z'`,
    )
  // Turned on again, it starts over with the default period.
  await recovery(false)
  expect(await described()).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' })
  expect(await restore(clock)).toBe(
    "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table 'ledger'",
  )
  await recovery(true)
  expect(await described()).toMatchObject({
    RecoveryPeriodInDays: 35,
    EarliestRestorableDateTime: clock / 1000,
  })
})

test('what is asked for wrongly is refused, and makes no table', async () => {
  await recovery(true)
  const BackupArn = await backUp()
  const latest = { UseLatestRestorableTime: true }
  const source = { SourceTableName: TableName }
  const TargetTableName = 'restored'
  const invalid = 'ValidationException: Invalid Request: '
  const constraint = (value: string, name: string, rule: string) =>
    `ValidationException: 1 validation error detected: Value ${value} at '${name}' failed to satisfy constraint: Member must ${rule}`
  for (const [input, expected] of [
    [
      { ...source, ...latest },
      constraint('null', 'targetTableName', 'not be null'),
    ],
    [
      { ...source, ...latest, TargetTableName: 'bad name!' },
      constraint(
        "'bad name!'",
        'targetTableName',
        'satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
      ),
    ],
    [
      { ...source, ...latest, RestoreDateTime: 1, TargetTableName },
      `${invalid}Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore request. Please specify either RestoreDateTime time or UseLatestRestorableTime`,
    ],
    [
      { ...source, TargetTableName },
      `${invalid}Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both`,
    ],
    [
      { ...source, SourceTableArn: arn, ...latest, TargetTableName },
      `${invalid}Must provide exactly one of: sourceTableArn, sourceTableName`,
    ],
    [
      { ...latest, TargetTableName },
      "ValidationException: The parameter 'TableName' is required but was not present in the request",
    ],
    [
      { SourceTableArn: `${arn}/index/open`, ...latest, TargetTableName },
      `${invalid}sourceTableArn is not a valid ARN`,
    ],
    [
      { SourceTableName: 'nowhere', ...latest, TargetTableName },
      'TableNotFoundException: Table not found: nowhere',
    ],
    [
      { ...source, ...latest, TargetTableName: TableName },
      'TableAlreadyExistsException: Table already exists: ledger',
    ],
  ] as const)
    expect(await ask('RestoreTableToPointInTime', input)).toBe(expected)
  const gone = `${BackupArn.slice(0, -8)}ffffffff`
  for (const [input, expected] of [
    [{ TargetTableName }, constraint('null', 'backupArn', 'not be null')],
    [
      { TargetTableName, BackupArn: arn },
      'ValidationException: Invalid Backup ARN',
    ],
    [
      { TargetTableName, BackupArn: gone },
      `BackupNotFoundException: Backup not found: ${gone}`,
    ],
    [
      { TargetTableName: TableName, BackupArn },
      'TableAlreadyExistsException: Table already exists: ledger',
    ],
  ] as const)
    expect(await ask('RestoreTableFromBackup', input)).toBe(expected)
  for (const operation of ['DescribeBackup', 'DeleteBackup'])
    expect(await ask(operation, { BackupArn: gone })).toBe(
      `BackupNotFoundException: Backup not found: ${gone}`,
    )
  const BackupName = 'nightly'
  expect(await ask('CreateBackup', { TableName: 'nowhere', BackupName })).toBe(
    'TableNotFoundException: Table not found: nowhere',
  )
  expect(await ask('CreateBackup', { TableName, BackupName: 'a!' })).toBe(
    "ValidationException: 2 validation errors detected: Value 'a!' at 'backupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value 'a!' at 'backupName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  )
  expect(await call('ListTables', {})).toEqual({ TableNames: [TableName] })
})

test('while a restore fills a table there is nothing but its description', async () => {
  await call('BatchWriteItem', {
    RequestItems: {
      [TableName]: Array.from({ length: 25 }, (_, i) => ({
        PutRequest: { Item: row(String(i)) },
      })),
    },
  })
  const BackupArn = await backUp()
  const name = 'restored'
  const ResourceArn = tableArn(name)
  await call('RestoreTableFromBackup', { TargetTableName: name, BackupArn })
  const asked = [
    ['PutItem', { TableName: name, Item: row('a') }],
    ['Scan', { TableName: name }],
    ['BatchGetItem', { RequestItems: { [name]: { Keys: [row('a')] } } }],
    ['UpdateTable', { TableName: name, DeletionProtectionEnabled: true }],
    ['GetResourcePolicy', { ResourceArn }],
    ['TagResource', { ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] }],
    ['DescribeContinuousBackups', { TableName: name }],
    ['CreateBackup', { TableName: name, BackupName: 'nightly' }],
    ['DeleteTable', { TableName: name }],
    ['CreateTable', ledgerTable(name)],
    ['RestoreTableFromBackup', { TargetTableName: name, BackupArn }],
    ['RestoreTableFromBackup', { TargetTableName: 'another', BackupArn }],
    ['DeleteBackup', { BackupArn }],
    ['DescribeTable', { TableName: name }],
  ] as const
  const answers = await Promise.all(
    asked.map(([operation, input]) => ask(operation, input)),
  )
  const missing =
    'ResourceNotFoundException: Requested resource not found: Table: restored not found'
  expect(answers).toEqual([
    'ResourceNotFoundException: Requested resource not found',
    'ResourceNotFoundException: Requested resource not found',
    'ResourceNotFoundException: Requested resource not found',
    missing,
    missing,
    missing,
    'TableNotFoundException: Table not found: restored',
    'TableNotFoundException: Table not found: restored',
    'ResourceInUseException: Attempt to change a resource which is still in use: Table is being created: restored',
    'ResourceInUseException: Table is being used: restored',
    `TableInUseException: Table: restored is already being restored from backup: ${BackupArn}`,
    `BackupInUseException: Backup is being used to restore another table: ${BackupArn}`,
    `BackupInUseException: Backup is being used to restore table: ${BackupArn}`,
    'yes',
  ])
  await filled(name)
  expect(await rows(name)).toHaveLength(25)
  expect(await ask('DeleteBackup', { BackupArn })).toBe('yes')
})

test('backups are listed by table, time and type, page by page', async () => {
  const list = async (input = {}) => {
    const { BackupSummaries, LastEvaluatedBackupArn } = (await call(
      'ListBackups',
      input,
    )) as {
      BackupSummaries: { BackupArn: string }[]
      LastEvaluatedBackupArn?: string
    }
    return [
      BackupSummaries.map(({ BackupArn }) => BackupArn),
      LastEvaluatedBackupArn,
    ]
  }
  const arns: string[] = []
  for (let i = 0; i < 3; i++) {
    clock += 1000
    arns.push(await backUp())
  }
  const [a = '', b = '', c = ''] = arns
  expect(await list()).toEqual([arns, undefined])
  expect(await list({ TableName: arn })).toEqual([arns, undefined])
  expect(await list({ TableName: 'other' })).toEqual([[], undefined])
  expect(await list({ Limit: 3 })).toEqual([arns, undefined])
  expect(await list({ Limit: 2 })).toEqual([[a, b], b])
  expect(await list({ ExclusiveStartBackupArn: b })).toEqual([[c], undefined])
  expect(
    await list({
      TimeRangeLowerBound: (start + 2000) / 1000,
      TimeRangeUpperBound: (start + 3000) / 1000,
    }),
  ).toEqual([[b], undefined])
  const { BackupDescription } = await call('DeleteBackup', { BackupArn: b })
  expect(BackupDescription).toMatchObject({
    BackupDetails: { BackupArn: b, BackupStatus: 'DELETED' },
  })
  expect(await list()).toEqual([[a, c], undefined])
  // Its position is still known.
  expect(await list({ ExclusiveStartBackupArn: b })).toEqual([[c], undefined])
  expect(
    await ask('ListBackups', {
      TimeRangeLowerBound: 2,
      TimeRangeUpperBound: 1,
    }),
  ).toBe(
    'ValidationException: One or more parameter values were invalid: Time range lower bound must be less than or equal to upper bound',
  )
  expect(await ask('ListBackups', { BackupType: 'user' })).toBe(
    "ValidationException: 1 validation error detected: Value 'user' at 'backupType' failed to satisfy constraint: Member must satisfy enum value set: [USER, SYSTEM, AWS_BACKUP, ALL]",
  )
})

test('a deleted table with recovery leaves a backup of 35 days', async () => {
  await recovery(true)
  await put('a')
  await call('DeleteTable', { TableName })
  expect(await call('ListBackups', {})).toEqual({ BackupSummaries: [] })
  const { BackupSummaries } = await call('ListBackups', {
    BackupType: 'SYSTEM',
  })
  const BackupArn = `${arn}/backup/0${start}-00000000`
  expect(BackupSummaries).toEqual([
    {
      TableName,
      TableArn: arn,
      TableId: expect.any(String),
      BackupArn,
      BackupName: 'ledger$DeletedTableBackup',
      BackupSizeBytes: 0,
      BackupStatus: 'AVAILABLE',
      BackupType: 'SYSTEM',
      BackupCreationDateTime: start / 1000,
      BackupExpiryDateTime: (start + 35 * day) / 1000,
    },
  ])
  expect(await ask('DeleteBackup', { BackupArn })).toBe(
    `ValidationException: Invalid Request: User is not allowed to delete the system backup with arn ${BackupArn}. It will automatically expire on 2026-02-05T00:00:00.000Z`,
  )
  await call('RestoreTableFromBackup', {
    TargetTableName: TableName,
    BackupArn,
  })
  await filled(TableName)
  expect(await rows(TableName)).toEqual(['a=x'])
  clock += 36 * day
  const { dataDir } = opened
  await opened.db.close()
  const again = await openDynamoDb({ dataDir, now })
  expect(await again.call('ListBackups', { BackupType: 'ALL' })).toEqual({
    BackupSummaries: [],
  })
  await again.close()
})

test('a restore reads the one and writes the other, and asks for both', async () => {
  await opened.close()
  const target = tableArn('restored')
  const read = {
    Effect: 'Allow',
    Action: 'dynamodb:RestoreTable*',
    Resource: [arn, `${arn}/backup/*`],
  }
  const fill = { Effect: 'Allow', Action: 'dynamodb:*', Resource: target }
  opened = await openDynamoDb({
    now,
    policies: {
      reader: read,
      filler: fill,
      both: [read, fill],
      few: [read, { ...fill, Action: 'dynamodb:*WriteItem' }],
    },
  })
  await call('CreateTable', ledgerTable(TableName))
  await recovery(true)
  const BackupArn = await backUp()
  const TargetTableName = 'restored'
  const fromBackup = { TargetTableName, BackupArn }
  const fromTime = {
    TargetTableName,
    SourceTableName: TableName,
    UseLatestRestorableTime: true,
  }
  const denied = (by: string, action: string, resource: string) =>
    `AccessDeniedException: User: ${user(by).arn} is not authorized to perform: dynamodb:${action} on resource: ${resource} because no identity-based policy allows the dynamodb:${action} action`
  for (const [operation, input, resource] of [
    ['RestoreTableFromBackup', fromBackup, BackupArn],
    ['RestoreTableToPointInTime', fromTime, arn],
  ] as const) {
    expect(await ask(operation, input, user('filler'))).toBe(
      denied('filler', operation, resource),
    )
    expect(await ask(operation, input, user('reader'))).toBe(
      denied('reader', 'BatchWriteItem', target),
    )
    expect(await ask(operation, input, user('few'))).toBe(
      denied('few', 'DeleteItem', target),
    )
  }
  // A table's policy decides who may recover it.
  await call('PutResourcePolicy', {
    ResourceArn: arn,
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Deny',
        Principal: '*',
        Action: ['dynamodb:RestoreTableToPointInTime', 'dynamodb:CreateBackup'],
        Resource: arn,
      },
    }),
  })
  const by = user('both')
  expect(await ask('RestoreTableToPointInTime', fromTime, by)).toBe(
    `AccessDeniedException: User: ${by.arn} is not authorized to perform: dynamodb:RestoreTableToPointInTime on resource: ${arn} with an explicit deny in a resource-based policy`,
  )
  expect(await ask('RestoreTableFromBackup', fromBackup, by)).toBe('yes')
})
