import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  accountId,
  operator,
  reader,
  region,
  serveAlone,
} from '../../../../test/support/serveAlone.js'
import { createSecretsManager } from './createSecretsManager.js'

const prefix = `arn:aws:secretsmanager:${region}:${accountId}:secret:`
let alone: Awaited<ReturnType<typeof serveAlone>>

beforeEach(async () => {
  alone = await serveAlone(createSecretsManager)
})
afterEach(() => alone.close())

const send = (operation: string, input: object, as = operator) =>
  alone.send(`secretsmanager.${operation}`, input, as)

test('a policy lets read one secret, and what was replaced is in no file', async () => {
  const url = 'https://rpc.example/v3/key'
  const { ARN } = await send('CreateSecret', {
    Name: 'rpc/url',
    SecretString: url,
  })
  expect(ARN).toMatch(new RegExp(`^${prefix}rpc/url-[A-Za-z0-9]{6}$`))
  alone.letReader({
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: `${prefix}rpc/url-??????`,
  })
  await alone.restart()
  const get = (SecretId: string) => send('GetSecretValue', { SecretId }, reader)
  for (const id of ['rpc/url', ARN, ARN.slice(0, -7)])
    expect(await get(id)).toMatchObject({ ARN, SecretString: url })
  const SecretString = 'https://other.example'
  const update = { SecretId: 'rpc/url', SecretString }
  const denied = { __type: 'AccessDeniedException' }
  expect(await send('PutSecretValue', update, reader)).toMatchObject(denied)
  // A caller without permission doesn't learn that something is missing.
  expect(await get('other')).toMatchObject(denied)
  await send('PutSecretValue', update)
  expect(await get('rpc/url')).toMatchObject({ SecretString })
  const path = join(alone.folder, 'secretsmanager', 'secrets.json')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).not.toContain(url)
})

test('refusals are those of Secrets Manager', async () => {
  const refusal = (type: string, message: string) => ({ __type: type, message })
  await send('CreateSecret', { Name: 'x' })
  expect(await send('CreateSecret', { Name: 'x' })).toEqual(
    refusal(
      'ResourceExistsException',
      'The operation failed because the secret x already exists.',
    ),
  )
  expect(await send('GetSecretValue', { SecretId: 'x' })).toEqual(
    refusal(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    ),
  )
  expect(await send('GetSecretValue', { SecretId: 'y' })).toEqual(
    refusal(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    ),
  )
  for (const [input, problem] of [
    [{}, 'You must provide a value for the SecretId parameter.'],
    [
      { SecretId: 'x' },
      'You must provide either SecretString or SecretBinary.',
    ],
    [
      { SecretId: 'x', SecretString: 'a', SecretBinary: 'YQ==' },
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    ],
  ] as const)
    expect(await send('PutSecretValue', input)).toEqual(
      refusal('InvalidParameterException', problem),
    )
  expect(await send('PutSecretValue', { SecretId: 1 })).toEqual({
    __type: 'SerializationException',
  })
  expect(
    await send('PutSecretValue', {
      SecretId: 'x',
      SecretString: 'a'.repeat(65_537),
    }),
  ).toMatchObject({ __type: 'ValidationException' })
  expect(await send('constructor', {})).toMatchObject({
    __type: 'UnknownOperationException',
    message: expect.stringContaining('no operation constructor of Secrets'),
  })
  for (const [operation, input, member] of [
    ['ListSecrets', { Filters: [{ Key: 'name', Values: ['y'] }] }, 'Filters'],
    ['ListSecrets', { MaxResults: 1 }, 'MaxResults'],
    ['ListSecrets', { SortOrder: 'asc' }, 'SortOrder'],
    ['CreateSecret', { Name: 'z', Tags: [{ Key: 'a' }] }, 'Tags'],
    ['CreateSecret', { Name: 'z', KmsKeyId: 'alias/a' }, 'KmsKeyId'],
    ['DeleteSecret', { SecretId: 'x', RecoveryWindowInDays: 7 }, 'Recovery'],
  ] as const)
    expect(await send(operation, input)).toMatchObject({
      __type: 'InvalidParameterException',
      message: expect.stringContaining(`doesn't know the member ${member}`),
    })
  const { VersionId } = await send('UpdateSecret', {
    SecretId: 'x',
    SecretString: 'b',
    Description: 'of b',
  })
  expect(await send('UpdateSecret', { SecretId: 'x' })).not.toHaveProperty(
    'VersionId',
  )
  expect(await send('GetSecretValue', { SecretId: 'x' })).toMatchObject({
    SecretString: 'b',
    VersionId,
  })
  expect(await send('DescribeSecret', { SecretId: 'x' })).toMatchObject({
    Description: 'of b',
  })
  expect(await send('DeleteSecret', { SecretId: 'x' })).toMatchObject({
    message: expect.stringContaining('Pass ForceDeleteWithoutRecovery'),
  })
  await send('DeleteSecret', {
    SecretId: 'x',
    ForceDeleteWithoutRecovery: true,
  })
  expect(await send('ListSecrets', {})).toEqual({ SecretList: [] })
})
