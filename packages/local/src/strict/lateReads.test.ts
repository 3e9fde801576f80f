import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../dynamodb/createEngine.js'
import { createFunctionRegistry } from '../lambda/FunctionRegistry.js'
import type { Service } from '../protocol/Service.js'
import { createSecretsManager } from '../secretsmanager/createSecretsManager.js'
import { createSsm } from '../ssm/createSsm.js'
import { lateFunctions } from './lateFunctions.js'

// Each service shows the state of five seconds ago, and stores the current one.

let time = 0
const clock = { now: () => time, lateMs: () => 5000 }
beforeEach(() => {
  time = 1_000_000
})

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'keyward late '))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
const shared = () => ({
  ...{ dataDir: newFolder(), accountId: '000000000000', region: 'us-east-1' },
  ...{ authorize: () => {}, ...clock },
})
const ask = (service: Service, prefix: string) => {
  return async (operation: string, input: object) => {
    const request = {
      ...{ method: 'POST', path: '/', query: new URLSearchParams() },
      headers: { 'x-amz-target': `${prefix}.${operation}` },
      body: Buffer.from(JSON.stringify(input)),
      requestId: '',
      principal: { arn: '', account: '000000000000' },
    }
    try {
      const { body } = await service.handle(request as never)
      return JSON.parse(String(body))
    } catch (error) {
      return (error as { type: string }).type
    }
  }
}

test('a parameter, made, changed and deleted', async () => {
  const ssm = ask(createSsm({ ...shared(), fixed: new Map() }), 'AmazonSSM')
  const put = (Value: string) =>
    ssm('PutParameter', { Name: 'a', Type: 'String', Value, Overwrite: true })
  const get = async () => {
    const found = await ssm('GetParameter', { Name: 'a' })
    return found.Parameter?.Value ?? found
  }
  await put('1')
  expect(await get()).toBe('ParameterNotFound')
  time += 5000
  // Writes act on the current state.
  expect(await put('2')).toMatchObject({ Version: 2 })
  expect(await get()).toBe('1')
  time += 5000
  expect(await get()).toBe('2')
  await ssm('DeleteParameter', { Name: 'a' })
  expect(await get()).toBe('2')
  time += 5000
  expect(await get()).toBe('ParameterNotFound')
})

test('a secret, made and changed, by each of its names', async () => {
  const secrets = ask(createSecretsManager(shared()), 'secretsmanager')
  const { ARN } = await secrets('CreateSecret', {
    ...{ Name: 'a', SecretString: '1' },
  })
  const get = (SecretId: string) => secrets('GetSecretValue', { SecretId })
  expect(await get(ARN)).toBe('ResourceNotFoundException')
  expect(await secrets('ListSecrets', {})).toEqual({ SecretList: [] })
  time += 5000
  await secrets('PutSecretValue', { SecretId: ARN, SecretString: '2' })
  for (const id of ['a', ARN, ARN.slice(0, -7)])
    expect(await get(id)).toMatchObject({ SecretString: '1' })
  time += 5000
  expect(await get('a')).toMatchObject({ SecretString: '2' })
})

test('a function', () => {
  const registry = createFunctionRegistry(join(newFolder(), 'functions.json'))
  const late = lateFunctions(registry, clock.now, clock.lateMs)
  const put = (description: string) =>
    registry.update('f', () => ({
      entry: { latest: { name: 'f', description } } as never,
      value: undefined,
    }))
  const seen = () => late.list().map(({ latest }) => latest.description)
  put('1')
  expect([seen(), late.get('f')]).toEqual([[], undefined])
  time += 5000
  put('2')
  expect(seen()).toEqual(['1'])
  expect(registry.get('f')?.latest.description).toBe('2')
  time += 5000
  expect(seen()).toEqual(['2'])
})

test('a global index, and the table at once', async () => {
  const engine = await createEngine({ folder: newFolder(), ...shared() })
  onTestFinished(() => engine.close())
  const TableName = 'late'
  const key = (AttributeName: string, KeyType: string) => ({
    ...{ AttributeName, KeyType },
  })
  await engine.call('CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['id', 'state'].map((AttributeName) => ({
      ...{ AttributeName, AttributeType: 'S' },
    })),
    KeySchema: [key('id', 'HASH')],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-state',
        KeySchema: [key('state', 'HASH'), key('id', 'RANGE')],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  })
  const put = (id: string, state: string) =>
    engine.call('PutItem', {
      ...{ TableName, Item: { id: { S: id }, state: { S: state } } },
    })
  const having = async (state: string, more: object = {}) => {
    const { Items } = await engine.call('Query', {
      ...{ TableName, IndexName: 'by-state', ...more },
      KeyConditionExpression: '#s = :s',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':s': { S: state } },
    })
    return (Items as { id: { S: string } }[]).map(({ id }) => id.S)
  }
  for (const id of ['a', 'b', 'c']) await put(id, 'open')
  expect(await having('open')).toEqual([])
  time += 5000
  await put('b', 'done')
  expect([await having('open'), await having('done')]).toEqual([
    ['a', 'b', 'c'],
    [],
  ])
  const { Item } = await engine.call('GetItem', {
    ...{ TableName, Key: { id: { S: 'b' } } },
  })
  expect(Item).toMatchObject({ state: { S: 'done' } })
  time += 5000
  expect([await having('open'), await having('done')]).toEqual([
    ['a', 'c'],
    ['b'],
  ])
  const down = { ScanIndexForward: false, Limit: 1 }
  expect(await having('open', down)).toEqual(['c'])
})
