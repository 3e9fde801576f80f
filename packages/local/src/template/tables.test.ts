import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStackHome } from '../../../../test/support/openStackHome.js'
import { writeAssembly } from '../../../../test/support/signerAssembly.js'

type Json = Record<string, unknown>

let folder = ''
let home: Awaited<ReturnType<typeof openStackHome>>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyward tables-'))
  home = await openStackHome(join(folder, 'home'))
})
afterEach(async () => {
  await home.close()
  rmSync(folder, { recursive: true, force: true })
})

const keys = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
}
const own = {
  DeletionProtectionEnabled: true,
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
}
const globalTable = (more: Json = {}, replica: Json = {}) => ({
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    ...keys,
    Replicas: [{ Region: { Ref: 'AWS::Region' }, ...own, ...replica }],
    ...more,
  },
})
const plainTable = (more: Json = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: { ...keys, ...own, ...more },
})

const deploy = (resources: Json, outputs: Json = {}) =>
  home.deploy(
    writeAssembly(join(folder, 'cdk.out'), {
      Resources: resources,
      Outputs: outputs,
    } as never),
    { stackName: 'stack' },
  )
const call = (operation: string, input: Json) =>
  home.dynamodb.call(operation, input, home.operator)
const describeTable = async (TableName: string) => {
  const { Table } = await call('DescribeTable', { TableName })
  const { ContinuousBackupsDescription: backups } = await call(
    'DescribeContinuousBackups',
    { TableName },
  )
  return { table: Table as Json, backups: backups as Json }
}

test.each([
  ['as CDK writes it', globalTable()],
  ['as it is mostly written', plainTable()],
])('a table %s is made, kept and changed', async (_, resource) => {
  const outputs = {
    Name: { Value: { Ref: 'Ledger' } },
    Arn: { Value: { 'Fn::GetAtt': ['Ledger', 'Arn'] } },
    Id: { Value: { 'Fn::GetAtt': ['Ledger', 'TableId'] } },
  }
  const made = await deploy({ Ledger: resource }, outputs)
  const name = String(made.outputs.Name?.value)
  expect(name).toMatch(/^stack-Ledger-[A-Z0-9]{12}$/)
  const { table, backups } = await describeTable(name)
  expect(table).toMatchObject({
    TableStatus: 'ACTIVE',
    KeySchema: keys.KeySchema,
    DeletionProtectionEnabled: true,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    TableArn: made.outputs.Arn?.value,
    TableId: made.outputs.Id?.value,
  })
  expect(backups).toMatchObject({
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
  })
  const Item = { pk: { S: 'p' }, sk: { S: 's' } }
  await call('PutItem', { TableName: name, Item })

  await home.close()
  home = await openStackHome(join(folder, 'home'))
  expect((await deploy({ Ledger: resource }, outputs)).outputs).toEqual(
    made.outputs,
  )
  const open = { DeletionProtectionEnabled: false }
  await deploy(
    {
      Ledger:
        resource.Type === 'AWS::DynamoDB::Table'
          ? plainTable(open)
          : globalTable({}, open),
    },
    outputs,
  )
  expect(await call('GetItem', { TableName: name, Key: Item })).toEqual({
    Item,
  })
  expect((await describeTable(name)).table.DeletionProtectionEnabled).toBe(
    false,
  )
  await home.remove('stack')
  expect(await call('ListTables', {})).toEqual({ TableNames: [] })
})

test('a protected table stays, and so does its stack', async () => {
  await deploy({ Ledger: plainTable({ TableName: 'ledger' }) })
  await expect(home.remove('stack')).rejects.toThrow(
    'The stack stack was not removed: Ledger (AWS::DynamoDB::Table): ValidationException: Resource cannot be deleted as it is currently protected against deletion.',
  )
  await deploy({
    Ledger: {
      ...plainTable({ TableName: 'ledger' }),
      DeletionPolicy: 'Retain',
    },
  })
  await home.remove('stack')
  expect(await call('ListTables', {})).toEqual({ TableNames: ['ledger'] })
  await expect(
    deploy({ Ledger: plainTable({ TableName: 'ledger' }) }),
  ).rejects.toMatchObject({ code: 'name-taken' })
})

test('what fails later takes the new table along, protected or not', async () => {
  await expect(
    deploy({
      Ledger: plainTable({ TableName: 'ledger' }),
      Key: {
        Type: 'AWS::KMS::Key',
        DependsOn: 'Ledger',
        Properties: {
          KeySpec: 'ECC_SECG_P256K1',
          KeyUsage: 'SIGN_VERIFY',
          // Its maker could not change it again: KMS refuses.
          KeyPolicy: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::000000000000:user/operator' },
              Action: 'kms:DescribeKey',
              Resource: '*',
            },
          },
        },
      },
    }),
  ).rejects.toMatchObject({ code: 'stack-failed' })
  expect(await call('ListTables', {})).toEqual({ TableNames: [] })
})

test.each([
  [
    'another Region',
    globalTable({}, { Region: 'eu-west-1' }),
    'Replicas: the local home has one Region, us-east-1, so it must be that one and no other.',
  ],
  [
    'an expiry',
    plainTable({ TimeToLiveSpecification: { Enabled: true } }),
    'The local home does not know the property TimeToLiveSpecification.',
  ],
  [
    'a policy of its own',
    plainTable({ ResourcePolicy: {} }),
    'The local home does not know the property ResourcePolicy.',
  ],
  [
    'a name too short',
    plainTable({ TableName: 'x' }),
    'TableName must be 3 to 255 letters, digits and _.-.',
  ],
])('%s is refused before anything is made', async (_, resource, problem) => {
  await expect(deploy({ Ledger: resource })).rejects.toThrow(
    `Ledger (${resource.Type}): ${problem}`,
  )
})

test('other keys are refused, since a new table would leave the rows behind', async () => {
  await deploy({ Ledger: plainTable() })
  await expect(
    deploy({
      Ledger: plainTable({ KeySchema: keys.KeySchema.slice(0, 1) }),
    }),
  ).rejects.toThrow("the local home can't change KeySchema of a table.")
})

test('a rule by the clock needs a rate that EventBridge takes', async () => {
  const rule = (ScheduleExpression: string) =>
    deploy({
      Rule: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression } },
    })
  for (const wrong of [
    'rate(1 minutes)',
    'rate(2 minute)',
    'rate(0 minutes)',
    'rate(30 seconds)',
    'cron(0 12 * * ? *)',
  ])
    await expect(rule(wrong)).rejects.toThrow(
      `Rule (AWS::Events::Rule): ScheduleExpression is "${wrong}"`,
    )
  await rule('rate(1 minute)')
  await rule('rate(5 minutes)')
})
