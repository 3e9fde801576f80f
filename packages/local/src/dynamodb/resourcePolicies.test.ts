import {
  CreateTableCommand,
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ledgerTable } from '../../../../test/support/ledgerTable.js'
import {
  openDynamoDb,
  root,
  session,
  tableArn,
  user,
} from '../../../../test/support/openDynamoDb.js'
import * as TablePolicy from './TablePolicy.js'

const TableName = 'ledger'
const arn = tableArn(TableName)
const all = { Effect: 'Allow', Action: '*', Resource: '*' }
const item = { pk: { S: 'p' }, sk: { S: 's' } }
const roles = ['sender', 'reconciler']
const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`
const fn = (name: string) =>
  `arn:aws:lambda:us-east-1:000000000000:function:${name}`

type Opened = Awaited<ReturnType<typeof openDynamoDb>>
let opened: Opened
let clock = Date.UTC(2026, 0, 1)
beforeEach(async () => {
  opened = await openDynamoDb({
    policies: Object.fromEntries(
      ['other', ...roles].map((name) => [name, all]),
    ),
    now: () => clock++,
  })
})
afterEach(() => opened.close())

const policy = (...Statement: object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement })
const deny = (Action: string | string[], more: object = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action,
  Resource: arn,
  ...more,
})
const put = (Policy: string, more: object = {}) =>
  opened.call('PutResourcePolicy', { ResourceArn: arn, Policy, ...more })
/** `yes`, or the text of the refusal. */
const ask = (...[operation, input, by]: Parameters<Opened['call']>) =>
  opened.call(operation, input, by).then(
    () => 'yes',
    ({ type, text }) => `${type}: ${text}`,
  )
const denied = (by: string, action: string, resource = arn) =>
  `AccessDeniedException: User: ${by} is not authorized to perform: dynamodb:${action} on resource: ${resource} with an explicit deny in a resource-based policy`

test('a policy is put, read, changed by its revision and deleted', async () => {
  const client = opened.as('operator')
  await client.send(new CreateTableCommand(ledgerTable(TableName) as never))
  const ResourceArn = arn
  const get = () => client.send(new GetResourcePolicyCommand({ ResourceArn }))
  const send = (Policy: string, ExpectedRevisionId?: string) =>
    client.send(
      new PutResourcePolicyCommand({ ResourceArn, Policy, ExpectedRevisionId }),
    )
  const notFound = (text: string) => ({
    name: 'PolicyNotFoundException',
    message: `Resource-based policy not found for the provided ResourceArn: ${text}`,
  })
  await expect(get()).rejects.toMatchObject(notFound(arn))
  // Without a policy, there is nothing to delete.
  const { $metadata: _, ...nothing } = await client.send(
    new DeleteResourcePolicyCommand({ ResourceArn }),
  )
  expect(nothing).toEqual({})
  await expect(send(policy(deny('dynamodb:Scan')), '1')).rejects.toMatchObject(
    notFound(
      'Requested update for policy with revision id 1, but no policy is associated to target table ledger.',
    ),
  )
  const first = await send(policy(deny('dynamodb:Scan')), 'NO_POLICY')
  const { RevisionId: revision = '' } = first
  expect(revision).toMatch(/^\d{13}$/)
  expect(await get()).toMatchObject({
    Policy: TablePolicy.canonicalize(policy(deny('dynamodb:Scan'))),
    RevisionId: revision,
  })
  await expect(
    send(policy(deny('dynamodb:Query')), 'NO_POLICY'),
  ).rejects.toMatchObject(
    notFound(
      `Requested policy update expecting none to be present for table ledger, but a policy exists with revision id ${revision}.`,
    ),
  )
  // The same policy in other words is not a change.
  const same = JSON.stringify(
    JSON.parse(policy(deny(['dynamodb:Scan']))),
    null,
    2,
  )
  expect((await send(same)).RevisionId).toBe(revision)
  const changed = await send(policy(deny('dynamodb:Query')), revision)
  expect(Number(changed.RevisionId)).toBeGreaterThan(Number(revision))
  await expect(
    client.send(
      new DeleteResourcePolicyCommand({
        ResourceArn,
        ExpectedRevisionId: revision,
      }),
    ),
  ).rejects.toMatchObject(
    notFound(
      `Requested update for policy with revision id ${revision}, but the policy associated to target table ledger has revision id ${changed.RevisionId}.`,
    ),
  )
  const gone = await client.send(
    new DeleteResourcePolicyCommand({ ResourceArn }),
  )
  expect(gone.RevisionId).toBe(changed.RevisionId)
  await expect(get()).rejects.toMatchObject(notFound(arn))
})

test('what is no table of here has no policy', async () => {
  await opened.call('CreateTable', ledgerTable(TableName))
  const invalid =
    'ValidationException: One or more parameter values were invalid: '
  const other = arn.replace('us-east-1', 'eu-west-1')
  const china = arn.replace('arn:aws:', 'arn:aws-cn:')
  const bucket = 'arn:aws:s3:us-east-1:000000000000:table/ledger'
  for (const [ResourceArn, expected] of [
    ['ledger', `${invalid}ARNs must start with 'arn:': ledger`],
    [other, `${invalid}Invalid resource Arn: ${other}`],
    [china, `${invalid}Invalid resource Arn: ${china}`],
    [
      `${arn}/index/open`,
      `${invalid}Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${arn}/index/open`,
    ],
    [
      `${arn}/backup/01`,
      `${invalid}Provided Arn is not a DynamoDB resource arn: ${arn}/backup/01`,
    ],
    [
      bucket,
      `${invalid}Provided Arn is not a DynamoDB resource arn: ${bucket}`,
    ],
    [
      arn.replace('000000000000', '111111111111'),
      'ValidationException: This action is only supported by accounts that match the resource owner’s account.',
    ],
    [
      `${arn}2`,
      'ResourceNotFoundException: Requested resource not found: Table: ledger2 not found',
    ],
    [
      `${arn}/stream/2026`,
      'ResourceNotFoundException: Requested resource not found: Stream: 2026 not found for Table: ledger',
    ],
    [
      undefined,
      "ValidationException: 1 validation error detected: Value null at 'resourceArn' failed to satisfy constraint: Member must not be null",
    ],
  ])
    for (const operation of [
      'GetResourcePolicy',
      'PutResourcePolicy',
      'DeleteResourcePolicy',
    ]) {
      const Policy = policy(deny('dynamodb:Scan'))
      const isPut = operation === 'PutResourcePolicy'
      const input = { ResourceArn, ...(isPut && { Policy }) }
      expect(await ask(operation, input)).toBe(expected)
    }
  expect(await ask('PutResourcePolicy', { ResourceArn: arn })).toBe(
    "ValidationException: 1 validation error detected: Value null at 'policy' failed to satisfy constraint: Member must not be null",
  )
  expect(
    await ask('PutResourcePolicy', { ResourceArn: arn, Policy: '{' }),
  ).toBe(`${invalid}Invalid policy document: This policy contains invalid Json`)
})

// The policy of the ledger: its writers, where they write from, and that nobody
// deletes.
const writes = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
]
const ledgerPolicy = policy(
  deny(writes, {
    Sid: 'OnlyTheRolesWrite',
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': roles.map(role) } },
  }),
  ...roles.map((name) =>
    deny(writes, {
      Sid: `From${name}`,
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': role(name) },
        ArnNotLike: {
          'lambda:SourceFunctionArn': [fn(name), `${fn(name)}:*`],
        },
      },
    }),
  ),
  deny(['dynamodb:DeleteItem', 'dynamodb:PartiQLDelete'], {
    Sid: 'NobodyDeletes',
  }),
)

test('a ledger is written by its functions alone, and nobody deletes of it', async () => {
  await opened.call('CreateTable', {
    ...ledgerTable(TableName),
    ResourcePolicy: ledgerPolicy,
  })
  const sender = session('sender', 'sender')
  const outside = session('sender')
  const elsewhere = session('sender', 'reconciler')
  const stranger = session('other', 'sender')
  const Key = item
  const batch = (request: object) => ({
    RequestItems: { [TableName]: [request] },
  })
  const written = {
    PutItem: { TableName, Item: item },
    UpdateItem: { TableName, Key },
    BatchWriteItem: batch({ PutRequest: { Item: item } }),
  }
  for (const [operation, input] of Object.entries(written)) {
    expect(await ask(operation, input, sender)).toBe('yes')
    for (const by of [outside, elsewhere, stranger, user('operator'), root])
      expect(await ask(operation, input, by)).toBe(denied(by.arn, operation))
  }
  for (const by of [sender, user('operator'), root]) {
    expect(await ask('DeleteItem', { TableName, Key }, by)).toBe(
      denied(by.arn, 'DeleteItem'),
    )
    expect(await ask('GetItem', { TableName, Key }, by)).toBe('yes')
  }
  // A batch that deletes doesn't need DeleteItem.
  expect(
    await ask('BatchWriteItem', batch({ DeleteRequest: { Key } }), sender),
  ).toBe('yes')

  // Unsupported operations are denied first, by their own actions.
  const operator = user('operator')
  const statements = {
    PartiQLInsert: `INSERT INTO "${TableName}" VALUE {'pk': 'p'}`,
    PartiQLUpdate: `UPDATE "${TableName}" SET a = 1 WHERE pk = 'p'`,
    PartiQLDelete: `DELETE FROM "${TableName}" WHERE pk = 'p'`,
  }
  for (const [action, Statement] of Object.entries(statements)) {
    const no = denied(operator.arn, action)
    expect(await ask('ExecuteStatement', { Statement })).toBe(no)
    for (const [operation, name] of [
      ['BatchExecuteStatement', 'Statements'],
      ['ExecuteTransaction', 'TransactStatements'],
    ] as const)
      expect(await ask(operation, { [name]: [{ Statement }] })).toBe(no)
  }
  const unserved = (operation: string) =>
    expect.stringContaining(
      `UnknownOperationException: The local home has no operation ${operation} of DynamoDB.`,
    )
  const Statement = `SELECT * FROM "${TableName}"`
  expect(await ask('ExecuteStatement', { Statement })).toEqual(
    unserved('ExecuteStatement'),
  )
  for (const [kind, action] of [
    ['Put', 'PutItem'],
    ['Update', 'UpdateItem'],
    ['Delete', 'DeleteItem'],
  ] as const) {
    const TransactItems = [{ [kind]: { TableName } }]
    expect(await ask('TransactWriteItems', { TransactItems })).toBe(
      denied(operator.arn, action),
    )
  }
  const TransactItems = [{ ConditionCheck: { TableName } }]
  expect(await ask('TransactWriteItems', { TransactItems })).toEqual(
    unserved('TransactWriteItems'),
  )
  expect(
    await ask('TransactGetItems', { TransactItems: [{ Get: { TableName } }] }),
  ).toEqual(unserved('TransactGetItems'))
})

test('a policy allows whom no other policy allows, on tables and indexes', async () => {
  await opened.call('CreateTable', ledgerTable(TableName))
  const guest = user('guest')
  const query = {
    TableName,
    IndexName: 'open',
    KeyConditionExpression: '#o = :o',
    ExpressionAttributeNames: { '#o': 'open' },
    ExpressionAttributeValues: { ':o': { S: 'x' } },
  }
  const nobody = (action: string, resource: string) =>
    `AccessDeniedException: User: ${guest.arn} is not authorized to perform: dynamodb:${action} on resource: ${resource} because no identity-based policy allows the dynamodb:${action} action`
  const allow = (Resource: string) => ({
    Effect: 'Allow',
    Principal: { AWS: guest.arn },
    Action: ['dynamodb:GetItem', 'dynamodb:Query'],
    Resource,
  })
  const get = { TableName, Key: item }
  await put(policy(allow(arn)))
  expect(await ask('GetItem', get, guest)).toBe('yes')
  expect(await ask('Query', query, guest)).toBe(
    nobody('Query', `${arn}/index/open`),
  )
  await put(policy(allow(`${arn}/index/*`)))
  expect(await ask('Query', query, guest)).toBe('yes')
  expect(await ask('GetItem', get, guest)).toBe(nobody('GetItem', arn))
  // Naming the account leaves the decision to the caller's own policies.
  await put(policy({ ...allow(arn), Principal: { AWS: '000000000000' } }))
  expect(await ask('GetItem', get, guest)).toBe(nobody('GetItem', arn))
  // It doesn't apply to a table with another name.
  await opened.call('CreateTable', ledgerTable('ledger2'))
  await put(policy(deny('dynamodb:GetItem', { Resource: '*' })))
  expect(await ask('GetItem', get)).toBe(
    denied(user('operator').arn, 'GetItem'),
  )
  expect(await ask('GetItem', { ...get, TableName: 'ledger2' })).toBe('yes')
  expect(await ask('GetItem', { ...get, TableName: arn })).toBe(
    denied(user('operator').arn, 'GetItem'),
  )
  expect(
    await ask('BatchGetItem', {
      RequestItems: { ledger2: { Keys: [item] }, ledger: { Keys: [item] } },
    }),
  ).toBe('yes')
})

test('who would lock themselves out is asked whether they mean it', async () => {
  await opened.call('CreateTable', ledgerTable(TableName))
  const locked = policy(deny('dynamodb:*ResourcePolicy'))
  const ResourceArn = arn
  const operator = user('operator').arn
  expect(await ask('PutResourcePolicy', { ResourceArn, Policy: locked })).toBe(
    'AccessDeniedException: The new resource policy will not allow you to update the resource policy in the future.',
  )
  const mine = { ArnEquals: { 'aws:PrincipalArn': operator } }
  expect(
    await ask('PutResourcePolicy', {
      ResourceArn,
      Policy: policy(deny('dynamodb:PutResourcePolicy', { Condition: mine })),
      ConfirmRemoveSelfResourceAccess: false,
    }),
  ).toBe(
    'AccessDeniedException: The new resource policy will not allow you to update the resource policy in the future.',
  )
  await put(locked, { ConfirmRemoveSelfResourceAccess: true })
  for (const by of [user('operator'), root]) {
    expect(
      await ask('PutResourcePolicy', { ResourceArn, Policy: locked }, by),
    ).toBe(denied(by.arn, 'PutResourcePolicy'))
    expect(await ask('DeleteResourcePolicy', { ResourceArn }, by)).toBe(
      denied(by.arn, 'DeleteResourcePolicy'),
    )
  }
  // It doesn't protect against deletion, and a new table has no policy.
  expect(await ask('DeleteTable', { TableName })).toBe('yes')
  await opened.call('CreateTable', ledgerTable(TableName))
  expect(await ask('GetResourcePolicy', { ResourceArn })).toBe(
    `PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: ${arn}`,
  )
})

test('a table with a policy needs both permissions, and a policy that is right', async () => {
  const { close } = opened
  await close()
  opened = await openDynamoDb({
    policies: {
      maker: { ...all, Action: 'dynamodb:CreateTable' },
      both: {
        ...all,
        Action: ['dynamodb:CreateTable', 'dynamodb:PutResourcePolicy'],
      },
    },
  })
  const given = { ...ledgerTable(TableName), ResourcePolicy: ledgerPolicy }
  expect(await ask('CreateTable', given, user('maker'))).toBe(
    `AccessDeniedException: User: ${user('maker').arn} is not authorized to perform: dynamodb:PutResourcePolicy on resource: ${arn} because no identity-based policy allows the dynamodb:PutResourcePolicy action`,
  )
  expect(
    await ask('CreateTable', { ...given, ResourcePolicy: '{' }, user('both')),
  ).toBe(
    'ValidationException: One or more parameter values were invalid: Invalid policy document: This policy contains invalid Json',
  )
  expect(await ask('CreateTable', given, user('both'))).toBe('yes')
  expect(await ask('CreateTable', given, user('both'))).toBe(
    'ResourceInUseException: Table already exists: ledger',
  )
  const { Policy } = await opened.call('GetResourcePolicy', {
    ResourceArn: arn,
  })
  expect(Policy).toBe(TablePolicy.canonicalize(ledgerPolicy))
})

test('a policy is in force again after a restart', async () => {
  await opened.call('CreateTable', {
    ...ledgerTable(TableName),
    ResourcePolicy: ledgerPolicy,
  })
  const { dataDir, db } = opened
  await db.close()
  const again = await openDynamoDb({ dataDir })
  await expect(
    again.call('PutItem', { TableName, Item: item }),
  ).rejects.toMatchObject({ type: 'AccessDeniedException' })
  await again.close()
})
