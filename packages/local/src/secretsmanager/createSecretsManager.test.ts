import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toolPath, without } from '../../../../test/support/tools.js'
import { createAuthorize } from '../iam/createAuthorize.js'
import * as Policy from '../iam/policy/Policy.js'
import { createServer, type Server } from '../protocol/createServer.js'
import type { Service } from '../protocol/Service.js'
import { createSecretsManager } from './createSecretsManager.js'

const accountId = '000000000000'
const region = 'us-east-1'
const prefix = `arn:aws:secretsmanager:${region}:${accountId}:secret:`
let folder = ''
let server: Server
let service: Service
const policies: Record<string, object> = {}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyward secrets '))
  await start()
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const principalOf = (accessKeyId: string) => ({
  arn: `arn:aws:iam::${accountId}:user/${accessKeyId}`,
  account: accountId,
})

async function start() {
  service = createSecretsManager({
    dataDir: folder,
    accountId,
    region,
    now: Date.now,
    authorize: createAuthorize({
      now: Date.now,
      identityPolicies: ({ arn }) => {
        const Statement = policies[arn.split('/')[1] ?? '']
        return Statement
          ? [
              Policy.fromValue(
                { Version: '2012-10-17', Statement } as never,
                'identity',
              ),
            ]
          : []
      },
    }),
  })
  server = await createServer({
    port: 0,
    region,
    services: [service],
    now: Date.now,
    findCredential: (accessKeyId) => ({
      accessKeyId,
      secretAccessKey: 'secret',
      principal: principalOf(accessKeyId),
    }),
    onUnexpected: (error) => {
      throw error
    },
  })
}

const operator = 'AKIAOPERATOROPERATOR'
const reader = 'AKIAREADERREADERREAD'
policies[operator] = { Effect: 'Allow', Action: '*', Resource: '*' }

/** Debian's aws, or why it failed. */
async function aws(as: string, ...args: string[]) {
  try {
    const { stdout } = await promisify(execFile)(
      toolPath('aws'),
      ['--endpoint-url', server.endpoint, 'secretsmanager', ...args],
      {
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          AWS_ACCESS_KEY_ID: as,
          AWS_SECRET_ACCESS_KEY: 'secret',
          AWS_DEFAULT_REGION: region,
        },
      },
    )
    return JSON.parse(stdout)
  } catch (error) {
    return (error as { stderr: string }).stderr.trim()
  }
}

test.skipIf(without('aws'))(
  "Debian's aws keeps a secret, and reads what its policy lets it",
  async () => {
    const url = 'https://rpc.example/v3/key'
    const created = await aws(
      operator,
      ...['create-secret', '--name', 'rpc/url', '--secret-string', url],
    )
    expect(created).toEqual({
      ARN: expect.stringMatching(
        new RegExp(`^${prefix}rpc/url-[A-Za-z0-9]{6}$`),
      ),
      Name: 'rpc/url',
      VersionId: expect.any(String),
    })
    policies[reader] = {
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: `${prefix}rpc/url-??????`,
    }
    await server.close()
    await start()
    const partial = created.ARN.slice(0, -7)
    for (const id of ['rpc/url', created.ARN, partial])
      expect(await aws(reader, 'get-secret-value', '--secret-id', id)).toEqual({
        ARN: created.ARN,
        Name: 'rpc/url',
        VersionId: created.VersionId,
        SecretString: url,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: expect.anything(),
      })
    const put = ['put-secret-value', '--secret-id', 'rpc/url']
    expect(await aws(reader, ...put, '--secret-string', 'x')).toMatch(
      /\(AccessDeniedException\).* is not authorized to perform: secretsmanager:PutSecretValue on resource: /,
    )
    // What there is not is not told to those who may not ask for it.
    expect(
      await aws(reader, 'get-secret-value', '--secret-id', 'other'),
    ).toMatch(/\(AccessDeniedException\)/)
    await aws(operator, ...put, '--secret-string', 'https://other.example')
    expect(
      await aws(reader, 'get-secret-value', '--secret-id', 'rpc/url'),
    ).toMatchObject({ SecretString: 'https://other.example' })
    const path = join(folder, 'secretsmanager', 'secrets.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).not.toContain(url)
  },
  60_000,
)

test('refusals are those of Secrets Manager', async () => {
  const send = async (operation: string, input: object) => {
    const answer = await Promise.resolve(
      service.handle({
        method: 'POST',
        path: '/',
        query: new URLSearchParams(),
        headers: { 'x-amz-target': `secretsmanager.${operation}` },
        body: Buffer.from(JSON.stringify(input)),
        requestId: 'id',
        principal: principalOf(operator),
      }),
    ).catch((error) => service.renderError(error, 'id'))
    return JSON.parse(String(answer.body))
  }
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
  expect(await send('constructor', {})).toEqual({
    __type: 'UnknownOperationException',
  })
  expect(await send('DeleteSecret', { SecretId: 'x' })).toMatchObject({
    message: expect.stringContaining('ask for ForceDeleteWithoutRecovery'),
  })
  await send('DeleteSecret', {
    SecretId: 'x',
    ForceDeleteWithoutRecovery: true,
  })
  expect(await send('ListSecrets', {})).toEqual({ SecretList: [] })
})
