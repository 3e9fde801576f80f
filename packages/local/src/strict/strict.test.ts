import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTestKms } from '../../../../test/support/createTestKms.js'
import { startLambda } from '../../../../test/support/startLambda.js'
import type { AwsError, Service } from '../protocol/Service.js'
import { createIdentities } from '../template/createIdentities.js'
import { createStackStore, type StackState } from '../template/StackState.js'
import { pendingLambda } from './pendingLambda.js'
import { throttleControlPlane } from './throttleControlPlane.js'

test('KMS shows what there was five seconds ago, and works on what there is', async () => {
  const clock = { now: 1_000_000 }
  const { send, createKey } = createTestKms({ clock, lateMs: () => 5000 })
  const ask = async (operation: string, input: object) => {
    const { status, body } = await send(operation, input)
    return status === 200 ? body : body.__type
  }
  const { keyId: KeyId } = await createKey()
  const AliasName = 'alias/late'
  for (const operation of ['DescribeKey', 'GetPublicKey', 'DisableKey'])
    expect(await ask(operation, { KeyId })).toBe('NotFoundException')
  expect(await ask('CreateAlias', { AliasName, TargetKeyId: KeyId })).toBe(
    'NotFoundException',
  )
  expect(await ask('ListKeys', {})).toMatchObject({ Keys: [] })
  clock.now += 5000
  expect(await ask('ListKeys', {})).toMatchObject({ Keys: [{ KeyId }] })
  await ask('CreateAlias', { AliasName, TargetKeyId: KeyId })
  expect(await ask('DescribeKey', { KeyId: AliasName })).toBe(
    'NotFoundException',
  )
  expect(await ask('CreateAlias', { AliasName, TargetKeyId: KeyId })).toBe(
    'AlreadyExistsException',
  )
  await ask('DisableKey', { KeyId })
  const state = async () =>
    (await ask('DescribeKey', { KeyId })) as { KeyMetadata: object }
  expect(await state()).toMatchObject({ KeyMetadata: { KeyState: 'Enabled' } })
  clock.now += 5000
  expect(await state()).toMatchObject({ KeyMetadata: { KeyState: 'Disabled' } })
  expect(await ask('DescribeKey', { KeyId: AliasName })).toMatchObject({
    KeyMetadata: { KeyId },
  })
})

test('a role is known to IAM five seconds after a stack has made it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyward late '))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  let now = 0
  const store = createStackStore(folder)
  const { policiesOf } = createIdentities(store, new Map()).late(
    () => now,
    () => 5000,
  )
  const Arn = 'arn:aws:iam::000000000000:role/late'
  const seen = () => policiesOf({ arn: Arn, account: '000000000000' }).length
  const PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'kms:Sign', Resource: '*' }],
  }
  store.save({
    name: 'late',
    status: 'CREATE_COMPLETE',
    resources: {
      Role: {
        type: 'AWS::IAM::Role',
        attributes: { Arn },
        properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'lambda.amazonaws.com' },
                Action: 'sts:AssumeRole',
              },
            ],
          },
          Policies: [{ PolicyName: 'p', PolicyDocument }],
        },
      },
    },
  } as unknown as StackState)
  expect(seen()).toBe(0)
  now = 4999
  expect(seen()).toBe(0)
  now = 5000
  expect(seen()).toBe(1)
})

const service = (name: string, body = ''): Service => ({
  name,
  maxBodyBytes: 1,
  handle: async () => ({ status: 200, body }),
  renderError: (error: AwsError) => ({
    status: error.status,
    body: error.type,
  }),
})
const request = (method: string, path: string, target = '') =>
  ({
    ...{ method, path, body: Buffer.alloc(0), requestId: '' },
    headers: target === '' ? {} : { 'x-amz-target': target },
  }) as never

test('of the control plane each eighth request is refused, of the data none', async () => {
  const count = async (one: Service, target: string) => {
    const answers = await Promise.all(
      Array.from({ length: 32 }, () =>
        one.handle(request('POST', '/', target)),
      ),
    )
    return answers
      .filter(({ status }) => status !== 200)
      .map(({ body }) => body)
  }
  const kms = throttleControlPlane(service('kms'))
  expect(await count(kms, 'TrentService.Sign')).toEqual([])
  expect(await count(kms, 'TrentService.ListKeys')).toEqual(
    Array(4).fill('ThrottlingException'),
  )
  const lambda = throttleControlPlane(service('lambda'))
  expect(await count(lambda, '')).toEqual(
    Array(4).fill('TooManyRequestsException'),
  )
})

test('a function that is changed is busy for two seconds', async () => {
  let now = 0
  const lambda = pendingLambda(
    service('lambda', '{"LastUpdateStatus":"Successful"}'),
    () => now,
  )
  const root = '/2015-03-31/functions/signer'
  const ask = async (method: string, path: string) => {
    const { body } = await lambda.handle(request(method, `${root}${path}`))
    return String(body)
  }
  expect(await ask('GET', '')).toContain('Successful')
  expect(await ask('PUT', '/code')).toContain('InProgress')
  expect(await ask('GET', '/configuration')).toContain('InProgress')
  expect(await ask('PUT', '/configuration')).toBe('ResourceConflictException')
  expect(await ask('POST', '/versions')).toBe('ResourceConflictException')
  now = 2000
  expect(await ask('GET', '')).toContain('Successful')
  expect(await ask('POST', '/versions')).toContain('Successful')
})

test('between invocations a function stands still', async () => {
  const thawed: [string, number][] = []
  const home = await startLambda({
    onThaw: (...told) => void thawed.push(told),
  })
  onTestFinished(() => home.close())
  await home.put(
    'clock',
    `let ticks = 0; setInterval(() => ticks++, 5).unref()
     export const handler = async () => {
       const before = ticks
       await new Promise((resolve) => setTimeout(resolve, 50))
       return [before, ticks]
     }`,
  )
  const { payload: first } = await home.invoke('clock')
  await new Promise((resolve) => setTimeout(resolve, 300))
  const { payload: second } = await home.invoke('clock')
  expect(second[0] - first[1]).toBeLessThan(20)
  expect(second[1]).toBeGreaterThan(second[0])
  expect(thawed).toEqual([['ASIATEST', expect.any(Number)]])
  expect(thawed[0]?.[1]).toBeGreaterThan(250)
})
