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

const TableName = 'ledger'
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

const resourcePolicy = (more: Json = {}) => ({
  ResourcePolicy: {
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'dynamodb:PutItem',
          Resource: '*',
          ...more,
        },
      ],
    },
  },
})

/** KMS refuses it, because its creator couldn't change it again. */
const unmakeableKey = {
  Type: 'AWS::KMS::Key',
  Properties: {
    KeySpec: 'ECC_SECG_P256K1',
    KeyUsage: 'SIGN_VERIFY',
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
}

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

test.each([
  ['as CDK writes it', (more: Json) => globalTable({ TableName }, more)],
  [
    'as it is mostly written',
    (more: Json) => plainTable({ TableName, ...more }),
  ],
])('a table %s has the policy of its template', async (_, table) => {
  const ResourceArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`
  const tryPut = (principal = home.operator) =>
    home.dynamodb
      .call(
        'PutItem',
        { TableName, Item: { pk: { S: 'p' }, sk: { S: 's' } } },
        principal,
      )
      .then(
        () => 'yes',
        ({ text }) => text,
      )
  const denied = `User: ${home.operator.arn} is not authorized to perform: dynamodb:PutItem on resource: ${ResourceArn} with an explicit deny in a resource-based policy`
  const policy = async () => {
    const { Policy } = await call('GetResourcePolicy', { ResourceArn })
    return JSON.parse(String(Policy)).Statement
  }
  const writer = 'arn:aws:iam::000000000000:role/writer'
  const spared = resourcePolicy({
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': writer } },
  })
  await deploy({ Ledger: table(spared) })
  expect(await tryPut()).toBe(denied)
  expect(home.identities.named()).toContain(writer)

  await home.close()
  home = await openStackHome(join(folder, 'home'))
  expect(await tryPut()).toBe(denied)
  const Condition = { ArnNotEquals: { 'aws:PrincipalArn': home.operator.arn } }
  await deploy({ Ledger: table(resourcePolicy({ Condition })) })
  expect(await tryPut()).toBe('yes')
  expect(await policy()).toMatchObject([{ Condition }])

  // A later failure reverts the change.
  await expect(
    deploy({
      Ledger: table(spared),
      Key: { ...unmakeableKey, DependsOn: 'Ledger' },
    }),
  ).rejects.toMatchObject({ code: 'stack-failed' })
  expect(await policy()).toMatchObject([{ Condition }])

  // A manual change stays as long as the template doesn't change it.
  await call('DeleteResourcePolicy', { ResourceArn })
  const open = { DeletionProtectionEnabled: false }
  await deploy({ Ledger: table({ ...open, ...resourcePolicy({ Condition }) }) })
  await expect(policy()).rejects.toMatchObject({
    type: 'PolicyNotFoundException',
  })
  await deploy({ Ledger: table({ ...open, ...spared }) })
  expect(await tryPut()).toBe(denied)
  await deploy({ Ledger: table(open) })
  await expect(policy()).rejects.toMatchObject({
    type: 'PolicyNotFoundException',
  })
  expect(await tryPut()).toBe('yes')

  // A retained table keeps it too.
  await deploy({
    Ledger: { ...table({ ...open, ...spared }), DeletionPolicy: 'Retain' },
  })
  await home.remove('stack')
  expect(await tryPut()).toBe(denied)
})

test('a policy that keeps the deployer out is refused, or in its way', async () => {
  const lock = resourcePolicy({ Action: 'dynamodb:PutResourcePolicy' })
  const open = { TableName, DeletionProtectionEnabled: false }
  await deploy({ Ledger: plainTable(open) })
  await expect(
    deploy({ Ledger: plainTable({ ...open, ...lock }) }),
  ).rejects.toThrow(
    'The new resource policy will not allow you to update the resource policy in the future.',
  )
  const forever = resourcePolicy({ Action: 'dynamodb:DeleteTable' })
  await deploy({ Ledger: plainTable({ ...open, ...forever }) })
  await expect(home.remove('stack')).rejects.toThrow(
    `is not authorized to perform: dynamodb:DeleteTable on resource: arn:aws:dynamodb:us-east-1:000000000000:table/${TableName} with an explicit deny in a resource-based policy`,
  )
})

test('a protected table stays, and so does its stack', async () => {
  await deploy({ Ledger: plainTable({ TableName: 'ledger' }) })
  await expect(home.remove('stack')).rejects.toThrow(
    'The stack "stack" was not deleted completely: Ledger (AWS::DynamoDB::Table): ValidationException: Resource cannot be deleted as it is currently protected against deletion.',
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
      Key: { ...unmakeableKey, DependsOn: 'Ledger' },
    }),
  ).rejects.toMatchObject({ code: 'stack-failed' })
  expect(await call('ListTables', {})).toEqual({ TableNames: [] })
})

test.each([
  [
    'another Region',
    globalTable({}, { Region: 'eu-west-1' }),
    'Replicas: The local home has only the Region us-east-1, so the only replica must be there.',
  ],
  [
    'an expiry',
    plainTable({ TimeToLiveSpecification: { Enabled: true } }),
    "The local home doesn't support the property TimeToLiveSpecification.",
  ],
  [
    'a policy without a document',
    plainTable({ ResourcePolicy: {} }),
    'ResourcePolicy: PolicyDocument is missing.',
  ],
  [
    'a policy that allows everybody',
    globalTable({}, resourcePolicy({ Effect: 'Allow' })),
    'Replicas: ResourcePolicy: Resource-based policy grants unbounded access in one or more elements. Please revise the policy to ensure least-privilege form of access',
  ],
  [
    'a policy with an action that tables do not have',
    plainTable(resourcePolicy({ Action: 'dynamodb:ExecuteStatement' })),
    'ResourcePolicy: One or more parameter values were invalid: Invalid policy document: The following action names are invalid: "dynamodb:ExecuteStatement"',
  ],
  [
    'a policy too long',
    plainTable(resourcePolicy({ Sid: 'x'.repeat(20_480) })),
    'ResourcePolicy: One or more parameter values were invalid: Maximum policy size of 20480 bytes exceeded',
  ],
  [
    'a name too short',
    plainTable({ TableName: 'x' }),
    'TableName is "x". It must be 3 to 255 letters, digits, dots, hyphens or underscores.',
  ],
])('%s is refused before anything is made', async (_, resource, problem) => {
  await expect(deploy({ Ledger: resource })).rejects.toThrow(
    `Ledger (${resource.Type}): ${problem}`,
  )
})

test('a name that is taken is refused', async () => {
  const input = { TableName, ...keys }
  await home.dynamodb.call('CreateTable', input, home.operator)
  await expect(deploy({ Ledger: plainTable({ TableName }) })).rejects.toThrow(
    'The table name "ledger" is taken. Delete that table, or give the table another name.',
  )
})

test('other keys are refused, since a new table would leave the rows behind', async () => {
  await deploy({ Ledger: plainTable() })
  await expect(
    deploy({
      Ledger: plainTable({ KeySchema: keys.KeySchema.slice(0, 1) }),
    }),
  ).rejects.toThrow("The local home can't change the KeySchema of a table.")
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
      `Rule (AWS::Events::Rule): ScheduleExpression "${wrong}" is not supported. The local home supports only rates in minutes, hours and days. The unit is singular with 1: rate(1 minute), rate(5 minutes).`,
    )
  await rule('rate(1 minute)')
  await rule('rate(5 minutes)')
})

test('a rule that EventBridge would refuse as too complex is refused', async () => {
  const rule = (functionName: unknown[]) =>
    deploy({
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { detail: { requestParameters: { functionName } } },
        },
      },
    })
  await expect(rule(['a', { wildcard: '*:function:a' }])).rejects.toThrow(
    'Rule (AWS::Events::Rule): EventPattern has a wildcard. EventBridge refuses rules with even a few wildcards',
  )
  await expect(rule(['a'.repeat(2048)])).rejects.toThrow(
    'Rule (AWS::Events::Rule): EventPattern: The pattern has 2102 ' +
      'characters. EventBridge allows up to 2048.',
  )
  await rule(['a', { prefix: 'a:' }, { suffix: ':a' }])
})
