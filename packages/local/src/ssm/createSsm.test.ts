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
import { without } from '../../../../test/support/tools.js'
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

const aws = (as: string, ...args: string[]) => alone.aws(as, 'ssm', ...args)

test.skipIf(without('aws'))(
  "Debian's aws puts parameters, and reads what its policy lets it",
  async () => {
    const url = 'https://rpc.example/v3/key'
    const put = (value: string, ...more: string[]) =>
      aws(
        operator,
        ...['put-parameter', '--name', '/rpc/url', '--value', value],
        ...more,
      )
    expect(await put('x')).toMatch(
      /\(ValidationException\).*: A parameter type is required when you create a parameter\.$/,
    )
    expect(await put(url, '--type', 'SecureString')).toEqual({
      Version: 1,
      Tier: 'Standard',
    })
    expect(await put('x', '--type', 'SecureString')).toMatch(
      /\(ParameterAlreadyExists\).*: The parameter already exists\. To overwrite this value, set the overwrite option in the request to true\.$/,
    )
    expect(await put('https://other.example', '--overwrite')).toEqual({
      Version: 2,
      Tier: 'Standard',
    })
    alone.letReader({
      Effect: 'Allow',
      Action: 'ssm:GetParameter',
      Resource: `${prefix}/rpc/url`,
    })
    await alone.restart()
    const get = (name: string, ...more: string[]) =>
      aws(reader, 'get-parameter', '--name', name, ...more)
    const newest = {
      Name: '/rpc/url',
      Type: 'SecureString',
      Value: 'https://other.example',
      Version: 2,
      LastModifiedDate: expect.anything(),
      ARN: `${prefix}/rpc/url`,
      DataType: 'text',
    }
    for (const name of ['/rpc/url', `${prefix}/rpc/url`])
      expect(await get(name, '--with-decryption')).toEqual({
        Parameter: newest,
      })
    expect(await get('/rpc/url:1', '--with-decryption')).toEqual({
      Parameter: { ...newest, Value: url, Version: 1, Selector: ':1' },
    })
    const { Parameter: sealed } = await get('/rpc/url')
    expect(sealed).toMatchObject({ Type: 'SecureString', Version: 2 })
    expect(Buffer.from(sealed.Value, 'base64').length).toBeGreaterThan(100)
    // What there is not is not told to those who may not ask for it.
    expect(await get('/other')).toMatch(
      /\(AccessDeniedException\).* is not authorized to perform: ssm:GetParameter on resource: /,
    )
    const path = join(alone.folder, 'ssm', 'parameters.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(
      await aws(operator, 'delete-parameter', '--name', '/rpc/url'),
    ).toBeUndefined()
    expect(readFileSync(path, 'utf8')).not.toContain(url)
    expect(await get('/rpc/url')).toMatch(/\(ParameterNotFound\)/)
  },
  60_000,
)

const send = (operation: string, input: object) =>
  alone.send(`AmazonSSM.${operation}`, input)
const put = (Name: unknown, more: object = {}) =>
  send('PutParameter', { Name, Type: 'String', Value: 'v', ...more })

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
    ['/y', { Tier: 'Advanced' }, 'ValidationException', /Standard tier only/],
    ['/y', { AllowedPattern: '.' }, 'ValidationException', /AllowedPattern/],
    ['/y', { Tags: [{}] }, 'ValidationException', /keeps no tags/],
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
      /keys that sign only/,
    ],
    ['x', {}, 'ValidationException', /ARN is the same/],
    [fixed, {}, 'ParameterAlreadyExists', /already exists/],
    [fixed, { Overwrite: true }, 'ValidationException', /as it is/],
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
      'The local home does not know the member MaxResults of DescribeParameters, or this value of it. Leave it out.',
  })
})
