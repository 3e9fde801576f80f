import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createKmsClient } from '../kms/createKmsClient.js'
import { findCredentials } from './findCredentials.js'

type Answer = { status?: number; body: string }

let folder = ''
let endpoint = ''
let asked: string[] = []
let answer: (request: IncomingMessage, body: string) => Answer
let close = () => {}

const hour = 3_600_000
const at = (ms: number) => new Date(ms).toISOString()
let issued = 0
const json = (endsInMs = hour) =>
  JSON.stringify({
    AccessKeyId: `ASIA${++issued}`,
    SecretAccessKey: 'secret',
    Token: 'token',
    Expiration: at(Date.now() + endsInMs),
  })

beforeEach(async () => {
  asked = []
  issued = 0
  answer = () => ({ body: json() })
  folder = await mkdtemp(join(tmpdir(), 'keyward credentials '))
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    asked.push(`${request.method} ${request.url}`)
    const { status = 200, body: out } = answer(request, body)
    response.writeHead(status).end(out)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  close = () => server.close()
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const name of Object.keys(process.env))
    if (name.startsWith('AWS_')) vi.stubEnv(name, undefined)
  vi.stubEnv('HOME', folder)
  vi.stubEnv('AWS_REGION', 'us-east-1')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
  close()
  await rm(folder, { recursive: true })
})

const file = async (name: string, text: string) => {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

test('the environment comes first and is read each time', async () => {
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${endpoint}/own`)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA1')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's')
  const find = findCredentials()
  expect((await find()).accessKeyId).toBe('AKIA1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA2')
  expect((await find()).accessKeyId).toBe('AKIA2')
  expect(asked).toEqual([])
})

describe('a container', () => {
  test('is asked once with the token from its file, and again before expiry', async () => {
    const token = await file('token', 'first')
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${endpoint}/own?a=1`)
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', token)
    const tokens: unknown[] = []
    answer = ({ headers }) => {
      tokens.push(headers.authorization)
      return { body: json() }
    }
    const find = findCredentials()
    const [one, two] = await Promise.all([find(), find()])
    expect([one, two, await find()]).toEqual(
      Array(3).fill({
        accessKeyId: 'ASIA1',
        secretAccessKey: 'secret',
        sessionToken: 'token',
      }),
    )
    await writeFile(token, 'second')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hour - 299_000 })
    expect((await find()).accessKeyId).toBe('ASIA2')
    expect(asked).toEqual(Array(2).fill('GET /own?a=1'))
    expect(tokens).toEqual(['first', 'second'])
  })

  test('is asked later if it fails while the old credentials are valid', async () => {
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', endpoint)
    const find = findCredentials()
    await find()
    answer = () => ({ status: 500, body: '' })
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start + hour - 200_000 })
    expect((await find()).accessKeyId).toBe('ASIA1')
    await find()
    expect(asked).toHaveLength(2)
    vi.setSystemTime(start + hour + 1000)
    await expect(find()).rejects.toThrow(
      `The container's credentials endpoint ${endpoint} returned HTTP 500.
Check that the task has a role (ECS), or that the pod has a Pod Identity association (EKS).
See docs/errors/missing-credentials.md`,
    )
  })

  test.each([
    ['http://10.0.0.1/', 'is not an allowed URL'],
    ['ftp://127.0.0.1/', 'is not an allowed URL'],
    ['nonsense', 'is not an allowed URL'],
  ])('at %s %s', async (url, reason) => {
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', url)
    await expect(findCredentials()()).rejects.toThrow(reason)
  })

  test.each(['', '{}', 'null', json().replace('Z"', 'x"')])(
    'that answers %j provides none, and is not quoted',
    async (body) => {
      vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', endpoint)
      answer = () => ({ body })
      await expect(findCredentials()()).rejects.toThrow(
        `The container's credentials endpoint ${endpoint} returned no credentials.\nCheck that the task has a role`,
      )
    },
  )
})

describe('an instance', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', undefined)
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', endpoint)
  })
  const roles = '/latest/meta-data/iam/security-credentials/'

  test('is asked with IMDSv2, for a lean client', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', endpoint)
    answer = ({ url, method, headers }) => {
      if (method === 'PUT') return { body: 'key' }
      if (url === '/') return { status: 400, body: '{"__type":"Seen"}' }
      if (headers['x-aws-ec2-metadata-token'] !== 'key')
        return { status: 401, body: '' }
      return { body: url === roles ? 'signer\n' : json() }
    }
    const client = createKmsClient({ credentials: findCredentials() })
    for (const _ of [1, 2])
      await expect(client.getPublicKey('k')).rejects.toThrow('Seen')
    expect(asked).toEqual([
      ...['PUT /latest/api/token', `GET ${roles}`, `GET ${roles}signer`],
      ...['POST /', 'POST /'],
    ])
  })

  test('without a role says so', async () => {
    answer = ({ method }) =>
      method === 'PUT' ? { body: 'key' } : { status: 404, body: '' }
    await expect(findCredentials()()).rejects.toThrow(
      'The instance metadata service (IMDSv2) returned HTTP 404.\nCheck that the instance has a role (an instance profile).',
    )
  })

  test('of another cloud does not count', async () => {
    answer = () => ({ status: 404, body: '' })
    await expect(findCredentials()()).rejects.toThrow(
      'No AWS credentials were found.',
    )
  })
})

describe('a web identity', () => {
  beforeEach(async () => {
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', await file('jwt', 'a.b.c\n'))
    vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::123456789012:role/signer')
    vi.stubEnv('AWS_ENDPOINT_URL_STS', endpoint)
  })

  test('is exchanged at STS', async () => {
    let sent = ''
    answer = (_, body) => {
      sent = body
      return {
        body: `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
          <AccessKeyId>ASIA9</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
          <SessionToken>t</SessionToken><Expiration>${at(Date.now() + hour)}</Expiration>
          </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
      }
    }
    expect(await findCredentials()()).toEqual({
      accessKeyId: 'ASIA9',
      secretAccessKey: 's',
      sessionToken: 't',
    })
    expect(sent).toBe(
      'Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fsigner&RoleSessionName=keyward&WebIdentityToken=a.b.c',
    )
  })

  test('is refused if the role does not trust it', async () => {
    answer = () => ({
      status: 403,
      body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>a.b.c</Message></Error></ErrorResponse>',
    })
    await expect(findCredentials()()).rejects.toThrow(
      `STS returned no credentials for arn:aws:iam::123456789012:role/signer. It returned AccessDenied.
Check that the role trusts the issuer, audience and subject of the token.
See docs/errors/missing-credentials.md`,
    )
  })
})

describe('a profile is not read', () => {
  test.each([
    [
      'dev',
      '[profile dev]\nsso_session = a\n',
      'SSO',
      'aws sso login --profile dev && ',
    ],
    [
      'dev',
      '[profile dev]\nrole_arn = a\n[profile b]\nsso_session = a',
      'a role',
      '',
    ],
    ['', '[default]\naws_access_key_id = a\n', 'access keys', ''],
  ])('%j of %j', async (name, config, kind, signIn) => {
    vi.stubEnv('AWS_CONFIG_FILE', await file('config', config))
    vi.stubEnv('AWS_PROFILE', name)
    const profile = name || 'default'
    await expect(findCredentials()()).rejects.toThrow(
      `The AWS profile "${profile}" (${kind}) can't be used here.
Keyward's own AWS clients don't read profiles. To copy the profile's credentials into the environment, run: ${signIn}eval "$(aws configure export-credentials --profile ${profile} --format env)"
In your own program, you can instead pass the AWS SDK's KMS client to fromSdk (from @keyward/core/sdk).
See docs/errors/missing-credentials.md`,
    )
  })

  test.each([
    [
      '',
      'There is no AWS profile "dev".\nAWS_PROFILE names this profile. To copy the credentials of another profile into the environment, run: eval "$(aws configure export-credentials --profile NAME --format env)"',
    ],
    [
      '[profile dev]\nregion = a\n',
      'The AWS profile "dev" has no credentials.\nTo copy the credentials of another profile into the environment, run: eval "$(aws configure export-credentials --profile NAME --format env)"',
    ],
  ])('%j has nothing to export', async (config, message) => {
    vi.stubEnv('AWS_CONFIG_FILE', await file('config', config))
    vi.stubEnv('AWS_PROFILE', 'dev')
    await expect(findCredentials()()).rejects.toThrow(
      `${message}
See docs/errors/missing-credentials.md`,
    )
  })

  test('and no other source replaces it', async () => {
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', endpoint)
    vi.stubEnv('AWS_PROFILE', 'dev')
    await expect(findCredentials()()).rejects.toThrow('no AWS profile "dev"')
    expect(asked).toEqual([])
  })
})
