import {
  AddPermissionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { arnOf, startLambda } from '../../../../test/support/startLambda.js'
import { soak } from '../../../../test/support/tools.js'
import { readZip } from './readZip.js'

// Both made by Python's zipfile.
const deflated = Buffer.from(
  'UEsDBBQAAAAIAAAAIVxP6CgwKwAAACkAAAAJAAAAaW5kZXgubWpzS60oyC8qUUjOzysuUchIzEvJSS1SsFVILK7MS1bQ0FSwtVNQLynPV+cCAFBLAQIUAxQAAAAIAAAAIVxP6CgwKwAAACkAAAAJAAAAAAAAAAAAAACAAQAAAABpbmRleC5tanNQSwUGAAAAAAEAAQA3AAAAUgAAAAAA',
  'base64',
)
const storedWithComment = Buffer.from(
  'UEsDBBQAAAAAAAAAIVwAAAAAAAAAAAAAAAAEAAAAZGlyL1BLAwQUAAAAAAAAACFc+r+fuisAAAArAAAACQAAAGluZGV4Lm1qc2V4cG9ydCBjb25zdCBoYW5kbGVyID0gYXN5bmMgKCkgPT4gJ3RocmVlJwpQSwECFAMUAAAAAAAAACFcAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAgAEAAAAAZGlyL1BLAQIUAxQAAAAAAAAAIVz6v5+6KwAAACsAAAAJAAAAAAAAAAAAAACAASIAAABpbmRleC5tanNQSwUGAAAAAAIAAgBpAAAAdAAAAAkAYSBjb21tZW50',
  'base64',
)

async function start() {
  const home = await startLambda()
  onTestFinished(() => home.close())
  await home.put('signer', "export const handler = async () => 'one'")
  return home
}
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    ({ name, message }) => `${name}: ${message}`,
  )
const FunctionName = 'signer'

test('new code runs at once; a version keeps the old', async () => {
  const home = await start()
  const { client } = home
  await client.send(new PublishVersionCommand({ FunctionName }))
  const updated = await client.send(
    new UpdateFunctionCodeCommand({ FunctionName, ZipFile: deflated }),
  )
  expect(updated).toMatchObject({ FunctionName, Version: '$LATEST' })
  const answer = async (qualifier?: string) =>
    (
      await home.invoke(
        FunctionName,
        {},
        qualifier ? { Qualifier: qualifier } : {},
      )
    ).payload
  expect(await answer()).toBe('two')
  expect(await answer('1')).toBe('one')
  await client.send(
    new UpdateFunctionCodeCommand({ FunctionName, ZipFile: storedWithComment }),
  )
  expect(await answer()).toBe('three')
})

test('what is no archive of one module is refused', async () => {
  const { client } = await start()
  const update = (input: object) =>
    errorOf(
      client.send(
        new UpdateFunctionCodeCommand({ FunctionName, ...input } as never),
      ),
    )
  expect(await update({ ZipFile: Buffer.from('PK') })).toBe(
    'InvalidParameterValueException: Could not unzip uploaded file. Please check your file, then try to upload again.',
  )
  expect(await update({})).toBe(
    'InvalidParameterValueException: ZipFile is required.',
  )
  expect(await update({ S3Bucket: 'b', S3Key: 'k' })).toBe(
    "InvalidParameterValueException: The local Lambda doesn't support S3Bucket here. Leave it out.",
  )
})

test('damaged archives end in an error', () => {
  expect(readZip(deflated).get('index.mjs')?.toString()).toBe(
    "export const handler = async () => 'two'\n",
  )
  fc.assert(
    fc.property(
      fc.nat(deflated.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.nat(deflated.length),
      (at, flip, length) => {
        const damaged = Buffer.from(deflated)
        damaged[at] = (damaged[at] ?? 0) ^ flip
        for (const archive of [damaged, deflated.subarray(0, length)])
          try {
            readZip(archive)
          } catch (error) {
            expect(error).toBeInstanceOf(Error)
          }
      },
    ),
    { numRuns: soak ? 500 : 50 },
  )
})

test('a configuration changes where it is named', async () => {
  const { client } = await start()
  const before = await client.send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  )
  const after = await client.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName,
      Timeout: 9,
      Environment: { Variables: { AB: 'c' } },
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN' },
    }),
  )
  expect(after).toMatchObject({
    Timeout: 9,
    Environment: { Variables: { AB: 'c' } },
    LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN' },
    MemorySize: before.MemorySize,
    CodeSha256: before.CodeSha256,
    Role: before.Role,
  })
  const refused = (input: object) =>
    errorOf(
      client.send(
        new UpdateFunctionConfigurationCommand({ FunctionName, ...input }),
      ),
    )
  expect(await refused({ VpcConfig: { SubnetIds: [] } })).toBe(
    "InvalidParameterValueException: The local Lambda doesn't support VpcConfig here. Leave it out.",
  )
  expect(await refused({ LoggingConfig: { LogFormat: 'Xml' } })).toBe(
    'InvalidParameterValueException: LogFormat must be one of JSON, Text.',
  )
  expect(await refused({ Timeout: 901 })).toBe(
    'InvalidParameterValueException: Timeout of signer is 901. It must be a whole number from 1 to 900.',
  )
})

describe('a policy', () => {
  const permission = {
    FunctionName,
    StatementId: 'alice',
    Action: 'lambda:InvokeFunction',
    Principal: 'arn:aws:iam::000000000000:role/alice',
  }

  test('is per version and alias, and what is asked', async () => {
    const { client, asked } = await start()
    await client.send(new PublishVersionCommand({ FunctionName }))
    await client.send(
      new AddPermissionCommand({ ...permission, Qualifier: '1' }),
    )
    await client.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: 'events',
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: 'arn:aws:events:us-east-1:000000000000:rule/r',
        SourceAccount: '000000000000',
      }),
    )
    const policy = async (Qualifier?: string) => {
      const input = { FunctionName, ...(Qualifier && { Qualifier }) }
      const got = await client.send(new GetPolicyCommand(input))
      return JSON.parse(got.Policy ?? '').Statement
    }
    const ofVersion = [
      {
        Sid: 'alice',
        Effect: 'Allow',
        Principal: { AWS: permission.Principal },
        Action: 'lambda:InvokeFunction',
        Resource: `${arnOf(FunctionName)}:1`,
      },
    ]
    expect(await policy('1')).toEqual(ofVersion)
    expect(await policy()).toEqual([
      {
        Sid: 'events',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: arnOf(FunctionName),
        Condition: {
          StringEquals: { 'AWS:SourceAccount': '000000000000' },
          ArnLike: {
            'AWS:SourceArn': 'arn:aws:events:us-east-1:000000000000:rule/r',
          },
        },
      },
    ])
    await policy('1')
    expect(JSON.parse(asked.at(-1)?.resourcePolicy ?? '').Statement).toEqual(
      ofVersion,
    )
    await client.send(
      new RemovePermissionCommand({
        FunctionName,
        Qualifier: '1',
        StatementId: 'alice',
      }),
    )
    expect(await errorOf(policy('1'))).toBe(
      'ResourceNotFoundException: The resource you requested does not exist.',
    )
  })

  test('takes no statement twice and no nonsense', async () => {
    const { client } = await start()
    const add = (more: object) =>
      errorOf(client.send(new AddPermissionCommand({ ...permission, ...more })))
    expect(await add({})).toBe(undefined)
    expect(await add({})).toBe(
      'ResourceConflictException: The statement id (alice) provided already exists. Please provide a new statement id, or remove the existing statement.',
    )
    expect(await add({ StatementId: 'b', Principal: 'me' })).toMatch(
      /^InvalidParameterValueException: The provided principal or action was invalid: /,
    )
    expect(await add({ StatementId: 'b', Action: 'x' })).toMatch(
      /^InvalidParameterValueException: The provided principal or action was invalid: /,
    )
    expect(await add({ StatementId: 'b!' })).toBe(
      'InvalidParameterValueException: StatementId must be 1 to 100 letters, digits, hyphens and underscores.',
    )
  })
})
