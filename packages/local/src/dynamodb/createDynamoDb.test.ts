import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'
import { afterEach, expect, test } from 'vitest'
import { openDynamoDb } from '../../../../test/support/openDynamoDb.js'
import { soak } from '../../../../test/support/tools.js'

const accountId = '000000000000'
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'keyward dynamodb '))
  closers.push(() => rmSync(folder, { recursive: true }))
  return folder
}

async function open(
  dataDir = newFolder(),
  policies: Record<string, object | object[]> = {},
) {
  const opened = await openDynamoDb({ dataDir, policies })
  closers.push(opened.close)
  return opened
}

const table: CreateTableCommandInput = {
  TableName: 'ledger',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
}
const TableName = 'ledger'
const item = (sk: string, more = {}) => ({
  pk: { S: 'p' },
  sk: { S: sk },
  ...more,
})

test('a table is what the SDK asked for, and is there again after a restart', async () => {
  const { as, close, dataDir } = await open()
  const client = as('operator')
  const created = await client.send(
    new CreateTableCommand({ ...table, DeletionProtectionEnabled: true }),
  )
  expect(created.TableDescription).toMatchObject({
    TableName,
    TableArn: `arn:aws:dynamodb:us-east-1:${accountId}:table/ledger`,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    DeletionProtectionEnabled: true,
  })
  await client.send(new PutItemCommand({ TableName, Item: item('a') }))
  await client.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 7,
      },
    }),
  )
  await close()

  const again = (await open(dataDir)).as('operator')
  const { Table } = await again.send(new DescribeTableCommand({ TableName }))
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    DeletionProtectionEnabled: true,
  })
  const { Item } = await again.send(
    new GetItemCommand({ TableName, Key: item('a'), ConsistentRead: true }),
  )
  expect(Item).toEqual(item('a'))
  const backups = await again.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  )
  expect(backups.ContinuousBackupsDescription).toEqual({
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 7,
      EarliestRestorableDateTime: expect.any(Date),
      LatestRestorableDateTime: expect.any(Date),
    },
  })
})

test('a protected table is not deleted before the protection is', async () => {
  const { as } = await open()
  const client = as('operator')
  await client.send(
    new CreateTableCommand({ ...table, DeletionProtectionEnabled: true }),
  )
  await expect(
    client.send(new DeleteTableCommand({ TableName })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  })
  const updated = await client.send(
    new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }),
  )
  expect(updated.TableDescription?.DeletionProtectionEnabled).toBe(false)
  await client.send(new DeleteTableCommand({ TableName }))
  expect((await client.send(new ListTablesCommand())).TableNames).toEqual([])
  // A new table with the same name has nothing from the old one.
  const { TableDescription } = await client.send(new CreateTableCommand(table))
  expect(TableDescription?.DeletionProtectionEnabled).toBe(false)
})

test('of racing conditional writes one wins, and counters lose nothing', async () => {
  const { as } = await open()
  const client = as('operator')
  await client.send(new CreateTableCommand(table))
  const race = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) =>
      client.send(
        new PutItemCommand({
          TableName,
          Item: item('n', { by: { N: String(i) } }),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    ),
  )
  expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const lost = race.find(({ status }) => status === 'rejected')
  expect(lost).toMatchObject({
    reason: {
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
    },
  })
  const counts = await Promise.all(
    Array.from({ length: 200 }, () =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: item('counter'),
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    ),
  )
  const values = counts.map(({ Attributes }) => Number(Attributes?.n?.N))
  expect(new Set(values).size).toBe(200)
})

test('policies decide by operation, table and index; ARNs are names too', async () => {
  const arn = `arn:aws:dynamodb:us-east-1:${accountId}:table/ledger`
  const { as, send } = await open(undefined, {
    reader: {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:Query'],
      Resource: arn,
    },
    batcher: {
      Effect: 'Allow',
      Action: 'dynamodb:BatchWriteItem',
      Resource: arn,
    },
  })
  const operator = as('operator')
  await operator.send(new CreateTableCommand(table))
  await operator.send(new CreateTableCommand({ ...table, TableName: 'other' }))
  await operator.send(new PutItemCommand({ TableName, Item: item('a') }))
  const reader = as('reader')
  for (const name of [TableName, arn]) {
    const found = await reader.send(
      new QueryCommand({
        TableName: name,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': { S: 'p' } },
      }),
    )
    expect(found.Items).toEqual([item('a')])
  }
  const denied = (action: string, resource: string) => ({
    name: 'AccessDeniedException',
    message: `User: arn:aws:iam::${accountId}:user/reader is not authorized to perform: dynamodb:${action} on resource: ${resource} because no identity-based policy allows the dynamodb:${action} action`,
    $metadata: { httpStatusCode: 400 },
  })
  await expect(
    reader.send(new PutItemCommand({ TableName, Item: item('b') })),
  ).rejects.toMatchObject(denied('PutItem', arn))
  await expect(
    reader.send(new ScanCommand({ TableName: 'other' })),
  ).rejects.toMatchObject(denied('Scan', arn.replace('ledger', 'other')))
  await expect(
    reader.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-state',
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': { S: 'p' } },
      }),
    ),
  ).rejects.toMatchObject(denied('Query', `${arn}/index/by-state`))
  await expect(reader.send(new ListTablesCommand())).rejects.toMatchObject(
    denied('ListTables', '*'),
  )
  const write = { PutRequest: { Item: item('c') } }
  await expect(
    as('batcher').send(
      new BatchWriteItemCommand({
        RequestItems: { ledger: [write], other: [write] },
      }),
    ),
  ).rejects.toMatchObject({ name: 'AccessDeniedException' })
  expect(
    (await operator.send(new ScanCommand({ TableName }))).Items,
  ).toHaveLength(1)
  expect(await send('GetItem', '{}', 'stranger')).toEqual([
    400,
    {
      __type: 'com.amazon.coral.service#AccessDeniedException',
      Message: `User: arn:aws:iam::${accountId}:user/stranger is not authorized to perform: dynamodb:GetItem on resource: * because no identity-based policy allows the dynamodb:GetItem action`,
    },
  ])
})

test('what is wrong or unknown ends in an error of DynamoDB, and it goes on', async () => {
  const { send, as } = await open()
  const serialization = {
    __type: 'com.amazon.coral.service#SerializationException',
  }
  expect(await send('GetItem', '')).toEqual([400, serialization])
  expect(await send('GetItem', '[1]')).toEqual([400, serialization])
  expect(await send('GetItem', '{"TableName":')).toEqual([400, serialization])
  for (const unknown of ['MakeCoffee', 'constructor', '__proto__'])
    expect(await send(unknown, '{}')).toEqual([
      400,
      {
        __type: 'com.amazon.coral.service#UnknownOperationException',
        Message: expect.stringMatching(
          /^The local home has no operation \w+ of DynamoDB\. It has: BatchGetItem, /,
        ),
      },
    ])
  expect(await send('UpdateTimeToLive', '{}')).toEqual([
    400,
    {
      __type: 'com.amazon.coral.service#UnknownOperationException',
      Message: expect.stringContaining('no operation UpdateTimeToLive of'),
    },
  ])
  for (const operation of ['GetItem', 'UpdateTable', 'DeleteTable'])
    expect(await send(operation, '{}')).toMatchObject([
      400,
      { __type: 'com.amazon.coral.validate#ValidationException' },
    ])
  expect(await send('DescribeTable', '{"TableName":"nowhere"}')).toEqual([
    400,
    {
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'Requested resource not found: Table: nowhere not found',
    },
  ])
  expect(
    await send('DescribeContinuousBackups', '{"TableName":"nowhere"}'),
  ).toEqual([
    400,
    {
      __type: 'com.amazonaws.dynamodb.v20120810#TableNotFoundException',
      message: 'Table not found: nowhere',
    },
  ])
  expect(
    await send(
      'CreateTable',
      JSON.stringify({ ...table, DeletionProtectionEnabled: 'maybe' }),
    ),
  ).toEqual([
    400,
    { ...serialization, Message: 'Unexpected token received from parser' },
  ])
  await as('operator').send(new CreateTableCommand(table))
  const at = 'pointInTimeRecoverySpecification'
  for (const [specification, message] of [
    [
      undefined,
      `1 validation error detected: Value null at '${at}' failed to satisfy constraint: Member must not be null`,
    ],
    [
      {},
      `1 validation error detected: Value null at '${at}.pointInTimeRecoveryEnabled' failed to satisfy constraint: Member must not be null`,
    ],
    [
      { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 36 },
      `1 validation error detected: Value '36' at '${at}.recoveryPeriodInDays' failed to satisfy constraint: Member must have value less than or equal to 35`,
    ],
    [
      { PointInTimeRecoveryEnabled: false, RecoveryPeriodInDays: 7 },
      'Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.',
    ],
  ])
    expect(
      await send(
        'UpdateContinuousBackups',
        JSON.stringify({
          TableName,
          PointInTimeRecoverySpecification: specification,
        }),
      ),
    ).toEqual([
      400,
      { __type: 'com.amazon.coral.validate#ValidationException', message },
    ])
})

test('what dynalite would drop without a word is refused by name', async () => {
  const { call } = await open()
  const index = {
    IndexName: 'by-state',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    Projection: { ProjectionType: 'ALL' },
    OnDemandThroughput: { MaxReadRequestUnits: 1 },
  }
  for (const [operation, input, member] of [
    [
      'CreateTable',
      { ...table, SSESpecification: { Enabled: true } },
      'SSESpecification',
    ],
    ['CreateTable', { ...table, Tags: [{ Key: 'a', Value: 'b' }] }, 'Tags'],
    [
      'CreateTable',
      { ...table, GlobalSecondaryIndexes: [index] },
      'GlobalSecondaryIndexes.OnDemandThroughput',
    ],
    [
      'PutItem',
      { TableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
      'ReturnValuesOnConditionCheckFailure',
    ],
    ['DescribeTable', { TableName, Coffee: true }, 'Coffee'],
    [
      'RestoreTableFromBackup',
      { TargetTableName: 'restored', BillingModeOverride: 'PROVISIONED' },
      'BillingModeOverride',
    ],
  ] as const)
    await expect(call(operation, input)).rejects.toMatchObject({
      type: 'ValidationException',
      text: `The local home doesn't know the member ${member} of ${operation}. Leave it out.`,
    })
  await call('CreateTable', {
    ...table,
    SSESpecification: { Enabled: false },
    StreamSpecification: { StreamEnabled: false },
    TableClass: 'STANDARD',
    Tags: [],
  })
  await call('PutItem', {
    TableName,
    Item: item('a'),
    ReturnValuesOnConditionCheckFailure: 'NONE',
  })
})

test('each write that was answered survives kill -9', async () => {
  const dataDir = newFolder()
  const url = new URL('./createDynamoDb.ts', import.meta.url)
  for (let round = 0; round < (soak ? 3 : 1); round++) {
    const child = spawn(
      process.execPath,
      [
        '--import=tsx',
        '--input-type=module',
        '-e',
        `const { createDynamoDb } = await import(${JSON.stringify(url.href)})
         const principal = { arn: 'arn:aws:iam::000000000000:root', account: '000000000000' }
         const db = await createDynamoDb({
           dataDir: process.argv[1], accountId: '000000000000',
           region: 'us-east-1', authorize: () => {}, now: Date.now,
         })
         const table = ${JSON.stringify(table)}
         if (${round} === 0) await db.call('CreateTable', table, principal)
         for (let i = 0; ; i++) {
           const Item = { pk: { S: 'p' }, sk: { S: '${round}-' + i } }
           await db.call('PutItem', { TableName: 'ledger', Item }, principal)
           process.stdout.write('${round}-' + i + '\\n')
         }`,
        dataDir,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    ) as ChildProcess
    const answered: string[] = []
    const lines = createInterface(child.stdout as NodeJS.ReadableStream)
    lines.on('line', (line) => {
      answered.push(line)
      if (answered.length === 200) child.kill('SIGKILL')
    })
    await once(child, 'close')
    expect(answered.length).toBeGreaterThanOrEqual(200)
    const { as, close } = await open(dataDir)
    const client = as('operator')
    for (const sk of answered) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: item(sk) }),
      )
      expect(Item).toEqual(item(sk))
    }
    await close()
  }
})

test('an attribute that would be lost is refused', async () => {
  const { send } = await open()
  await send('CreateTable', JSON.stringify(table))
  const put = (text: string) =>
    send('PutItem', `{ "TableName": "ledger", "Item": ${text} }`)
  const key = '"pk": { "S": "__proto__" }, "sk": { "S": "\\"__proto__\\":" }'
  const refused = await put(`{ ${key}, "__proto__": { "S": "x" } }`)
  expect(JSON.stringify(refused)).toContain(
    "The local home doesn't accept attributes or members with the name " +
      '__proto__.',
  )
  expect(JSON.stringify(await put(`{ ${key} }`))).not.toContain('takes no')
})
