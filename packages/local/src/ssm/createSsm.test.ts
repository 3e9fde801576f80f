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
import { createSsm } from './createSsm.js'

const prefix = `arn:aws:ssm:${region}:${accountId}:parameter`
const fixed = '/cdk-bootstrap/hnb659fds/version'
let alone: Awaited<ReturnType<typeof serveAlone>>

beforeEach(async () => {
  alone = await serveAlone((shared) =>
    createSsm({ ...shared, fixed: new Map([[fixed, '33']]) }),
  )
})
afterEach(() => alone.close())

const send = (operation: string, input: object, as = operator) =>
  alone.send(`AmazonSSM.${operation}`, input, as)
const put = (Name: unknown, more: object = {}) =>
  send('PutParameter', { Name, Type: 'String', Value: 'v', ...more })

test('a policy lets read one parameter, and what is gone is in no file', async () => {
  const url = 'https://rpc.example/v3/key'
  const Type = 'SecureString'
  await put('/rpc/url', { Type, Value: url })
  expect(await put('/rpc/url', { Type })).toMatchObject({
    __type: 'ParameterAlreadyExists',
  })
  const Value = 'https://other.example'
  expect(await put('/rpc/url', { Type, Value, Overwrite: true })).toEqual({
    Version: 2,
    Tier: 'Standard',
  })
  alone.letReader({
    Effect: 'Allow',
    Action: 'ssm:GetParameter',
    Resource: `${prefix}/rpc/url`,
  })
  await alone.restart()
  const get = (Name: string, more: object = {}) =>
    send('GetParameter', { Name, ...more }, reader)
  expect(await get('/rpc/url', { WithDecryption: true })).toMatchObject({
    Parameter: { Value, Version: 2, ARN: `${prefix}/rpc/url` },
  })
  const { Parameter: sealed } = await get('/rpc/url')
  expect(Buffer.from(sealed.Value, 'base64').length).toBeGreaterThan(100)
  // A caller without permission doesn't learn that something is missing.
  expect(await get('/other')).toMatchObject({
    __type: 'AccessDeniedException',
  })
  const path = join(alone.folder, 'ssm', 'parameters.json')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await send('DeleteParameter', { Name: '/rpc/url' })
  expect(readFileSync(path, 'utf8')).not.toContain(url)
  expect(await get('/rpc/url')).toMatchObject({ __type: 'ParameterNotFound' })
})

test('a list tells what is there and what is not, and never a value', async () => {
  await put('plain', { Description: 'of the test' })
  await put('/sealed', { Type: 'SecureString', Value: 's3cret' })
  const Names = ['plain', `${prefix}/sealed`, '/none', 'plain:7']
  expect(
    await send('GetParameters', { Names, WithDecryption: true }),
  ).toMatchObject({
    Parameters: [
      { Name: 'plain', Value: 'v', ARN: `${prefix}/plain` },
      { Name: '/sealed', Value: 's3cret' },
    ],
    InvalidParameters: ['/none', 'plain:7'],
  })
  const described = await send('DescribeParameters', {})
  expect(described.Parameters).toMatchObject([
    { Name: fixed, Version: 1 },
    { Name: 'plain', Type: 'String', Description: 'of the test', Version: 1 },
    { Name: '/sealed', Type: 'SecureString', KeyId: 'alias/aws/ssm' },
  ])
  expect(JSON.stringify(described)).not.toContain('s3cret')
})

test('a hundred versions are kept', async () => {
  for (let version = 1; version <= 101; version++)
    await put('many', { Value: `${version}`, Overwrite: true })
  expect(await send('GetParameter', { Name: 'many' })).toMatchObject({
    Parameter: { Value: '101', Version: 101 },
  })
  expect(await send('GetParameter', { Name: 'many:2' })).toMatchObject({
    Parameter: { Value: '2' },
  })
  expect(await send('GetParameter', { Name: 'many:1' })).toEqual({
    __type: 'ParameterVersionNotFound',
    message:
      'Systems Manager could not find version 1 of many. Verify the version and try again.',
  })
})

test('refusals are those of SSM, and quote no value', async () => {
  const badName =
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_'
  await put('/x')
  const cases: [unknown, object, string, RegExp | string][] = [
    ['/a b', {}, 'ValidationException', badName],
    ['/a//b', {}, 'ValidationException', badName],
    ['/SSM/a', {}, 'ValidationException', badName],
    [`${prefix}/a`, {}, 'ValidationException', badName],
    ['a/b', {}, 'ValidationException', /fully qualified name/],
    ['/a/', {}, 'ValidationException', /not end with slash/],
    ['/aws/a', {}, 'AccessDeniedException', /reserved parameter name: \/aws/],
    ['/a'.repeat(16), {}, 'HierarchyLevelLimitExceededException', /15 levels/],
    [undefined, {}, 'ValidationException', /Value null at 'name'/],
    ['/y', { Type: 'Text' }, 'ValidationException', /enum value set/],
    ['/y', { Value: '' }, 'ValidationException', /at 'value'/],
    ['/y', { Value: 's'.repeat(4097) }, 'ValidationException', /of 4096 char/],
    [
      '/y',
      { Tier: 'Advanced' },
      'ValidationException',
      /only the Standard tier/,
    ],
    ['/y', { AllowedPattern: '.' }, 'ValidationException', /AllowedPattern/],
    ['/y', { Tags: [{}] }, 'ValidationException', /support tags on parameters/],
    [
      '/x',
      { Tags: [{}], Overwrite: true },
      'ValidationException',
      /tags and overwrite can't be used together/,
    ],
    [
      '/x',
      { Type: 'SecureString', Overwrite: true },
      'HierarchyTypeMismatchException',
      /is a String/,
    ],
    ['/y', { KeyId: 'k' }, 'ValidationException', /SecureString type/],
    [
      '/y',
      { Type: 'SecureString', KeyId: 'alias/own' },
      'InvalidKeyId',
      /only signing keys/,
    ],
    ['x', {}, 'ValidationException', /have the same ARN/],
    [fixed, {}, 'ParameterAlreadyExists', /already exists/],
    [fixed, { Overwrite: true }, 'ValidationException', /is read-only/],
  ]
  for (const [name, more, __type, message] of cases) {
    const answer = await put(name, more)
    expect([name, answer]).toEqual([
      name,
      {
        __type,
        message:
          typeof message === 'string'
            ? message
            : expect.stringMatching(message),
      },
    ])
    expect(answer.message).not.toContain('sss')
  }
  expect(await send('DeleteParameter', { Name: fixed })).toMatchObject({
    __type: 'ValidationException',
  })
  const elsewhere = `arn:aws:ssm:eu-west-1:${accountId}:parameter/x`
  for (const Name of ['/none', elsewhere])
    for (const operation of ['GetParameter', 'DeleteParameter'])
      expect(await send(operation, { Name })).toEqual({
        __type: 'ParameterNotFound',
      })
  expect(await put(1)).toEqual({ __type: 'SerializationException' })
  for (const Name of ['/rpc/a', '/rpc/b', '/rpc/deep/c', '/rpcs'])
    await send('PutParameter', { Name, Value: Name, Type: 'String' })
  const below = async (input: object) => {
    const { Parameters, NextToken } = await send('GetParametersByPath', input)
    return [Parameters.map(({ Value }: { Value: string }) => Value), NextToken]
  }
  expect(await below({ Path: '/rpc' })).toEqual([
    ['/rpc/a', '/rpc/b'],
    undefined,
  ])
  expect(
    await below({ Path: '/rpc/', Recursive: true, MaxResults: 2 }),
  ).toEqual([['/rpc/a', '/rpc/b'], '2'])
  expect(
    await below({ Path: '/rpc', Recursive: true, NextToken: '2' }),
  ).toEqual([['/rpc/deep/c'], undefined])
  expect(await send('constructor', {})).toEqual({
    __type: 'UnknownOperationException',
    message:
      'The local home has no operation constructor of SSM. It has: DeleteParameter, DescribeParameters, GetParameter, GetParameters, GetParametersByPath, PutParameter.',
  })
  expect(await send('DescribeParameters', { MaxResults: 5 })).toEqual({
    __type: 'ValidationException',
    message:
      "The local home doesn't know the member MaxResults of " +
      "DescribeParameters, or doesn't support its value. Leave the member out.",
  })
})
