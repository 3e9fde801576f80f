import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createMemoryKey,
  keyArn,
  type MemoryKey,
} from '../../../../test/support/memoryKeyService.js'
import {
  refuse,
  reply,
  startScriptedKms,
  type Turn,
} from '../../../../test/support/startScriptedKms.js'
import { BaseError } from '../errors/BaseError.js'
import type { CallOptions } from '../KeyService.js'
import * as SigningKey from '../SigningKey.js'
import { createKmsClient, type KmsClientOptions } from './createKmsClient.js'
import type { KmsServiceError } from './errors.js'

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: `token/${'AbCd+/=_'.repeat(20)}`,
}
const digest = new Uint8Array(32).fill(9)
const requestId = 'aaaaaaaa-0000-4000-8000-000000000000'

let memory: MemoryKey
let kms: Awaited<ReturnType<typeof startScriptedKms>>
beforeEach(async () => {
  memory = createMemoryKey()
  kms = await startScriptedKms(memory)
})
afterEach(() => kms.close())

const create = (options: KmsClientOptions = {}) =>
  createKmsClient({
    region: 'us-east-1',
    endpoint: kms.endpoint,
    credentials,
    ...options,
  })

/** The message of a rejection; nothing secret may stand in it or its causes. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('accepted'),
    (error: unknown) => error as Error,
  )
  const { secretAccessKey, sessionToken } = credentials
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    for (const text of [at.message, at.stack ?? '', JSON.stringify(at)]) {
      expect(text).not.toContain(secretAccessKey)
      expect(text).not.toContain(sessionToken)
      expect(text).not.toMatch(/Signature=[0-9a-f]{64}/)
    }
  return `${error.name}: ${error.message}`
}

const sign = (options?: KmsClientOptions, call?: CallOptions) =>
  create(options).signDigest(keyArn, digest, call)

describe('good days', () => {
  test("returns KMS's answers", async () => {
    const client = create()
    expect(await client.getPublicKey('alias/a')).toEqual({
      spki: memory.spki,
      keyRef: keyArn,
    })
    const answer = await client.signDigest('alias/a', digest)
    expect(answer).toEqual({ der: answer.der, keyRef: keyArn, requestId })
  })

  test('100 signatures: 100 requests on one connection', async () => {
    const key = await SigningKey.connect({
      service: create(),
      keyId: 'alias/a',
    })
    for (let i = 0; i < 100; i++)
      await key.sign({ kind: 'message', message: 'hello' })
    expect(kms.requests.map(({ target }) => target)).toEqual([
      'GetPublicKey',
      ...Array(100).fill('Sign'),
    ])
    expect(kms.connections()).toBe(1)
  })

  test('32 concurrent calls share their connections with the next 32', async () => {
    const client = create()
    const burst = () =>
      Promise.all(
        Array.from({ length: 32 }, () => client.signDigest('alias/a', digest)),
      )
    await burst()
    const before = kms.connections()
    expect(before).toBeLessThanOrEqual(32)
    await burst()
    expect(kms.connections()).toBe(before)
  })

  test('credentials may come from a function on each call', async () => {
    let asked = 0
    const client = create({
      credentials: async () => {
        asked++
        return { ...credentials, accessKeyId: `AKIA${asked}` }
      },
    })
    await client.signDigest('k', digest)
    await client.signDigest('k', digest)
    expect(
      kms.requests.map(
        ({ headers }) =>
          /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1],
      ),
    ).toEqual(['AKIA1', 'AKIA2'])
  })
})

describe('temporary problems', () => {
  const passing: [string, Turn][] = [
    ['throttling', refuse(400, 'ThrottlingException', 'Rate exceeded')],
    ['a fault of KMS', refuse(500, 'KMSInternalException')],
    ['a fault of a proxy', (_, response) => reply(response, 503, '<html>')],
    ['a closed connection', (request) => request.socket.destroy()],
    [
      'an answer cut off',
      (request, response) => {
        response.writeHead(200, { 'content-length': '500' })
        response.write('{"KeyId":', () => request.socket.destroy())
      },
    ],
    ['no JSON', (_, response) => reply(response, 200, 'hello')],
    ['no object', (_, response) => reply(response, 200, '[]')],
    [
      'megabytes',
      (_, response) => {
        response.on('error', () => {})
        reply(response, 200, 'x'.repeat(4_000_000))
      },
    ],
    ['silence', () => {}],
  ]

  test.each(passing)('%s once', async (_, turn) => {
    kms.script.push(turn)
    const key = await SigningKey.connect({
      service: create({ timeoutMs: 300 }),
      keyId: 'alias/a',
    })
    expect(key.address).toMatch(/^0x/)
    expect(kms.requests).toHaveLength(2)
  })

  test('connections closed while idle', async () => {
    const client = create({ maxAttempts: 1 })
    for (let i = 0; i < 5; i++) {
      await client.signDigest('k', digest)
      for (const socket of kms.sockets) socket.destroy()
    }
    expect(kms.connections()).toBe(5)
  })

  test.each([-10, 10])(
    'a clock that is wrong by %i minutes',
    async (minutes) => {
      const server = Date.now() + minutes * 60_000
      const past = `Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)`
      const ahead = `Signature not yet current: 20260101T001000Z is still later than 20260101T000500Z (20260101T000000Z + 5 min.)`
      kms.script.push(
        refuse(400, 'InvalidSignatureException', minutes > 0 ? past : ahead, {
          date: new Date(server).toUTCString(),
        }),
      )
      // One attempt is enough: a wrong clock is no failure of KMS.
      const client = create({ maxAttempts: 1 })
      await client.signDigest('k', digest)
      await client.signDigest('k', digest)
      const dates = kms.requests.map(({ date }) =>
        Date.parse(
          date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'),
        ),
      )
      expect(dates).toHaveLength(3)
      for (const [i, date] of dates.entries())
        expect(Math.abs(date - (i === 0 ? Date.now() : server))).toBeLessThan(
          10_000,
        )
    },
  )
})

describe('permanent problems', () => {
  test('throttling: three attempts, then its name', async () => {
    const turn = refuse(400, 'ThrottlingException', 'Rate exceeded')
    kms.script.push(turn, turn, turn, turn)
    expect(
      await refusal(sign()),
    ).toBe(`KmsServiceError: KMS returned ThrottlingException for Sign.
Rate exceeded
Wait a moment, then try again. If it keeps happening, request a higher quota.
KMS request id: ${requestId}
See docs/errors/kms-service.md`)
    expect(kms.requests).toHaveLength(3)
  })

  test.each([
    [
      'DisabledException',
      `${keyArn} is disabled.`,
      'Find out who disabled the key and why. An administrator can enable it again: run keyward unfreeze --stack NAME. For a key without a stack, use EnableKey of the KMS API.\n',
    ],
    [
      'com.amazonaws.kms#NotFoundException',
      'Alias is not found.',
      "Check the key's ARN, the AWS account and the Region.\n",
    ],
    [
      'AccessDeniedException',
      'User: x is not authorized',
      "Allow the caller's role kms:Sign, and check that no policy denies it.\n",
    ],
    [
      'ExpiredTokenException',
      'Expired.',
      'The AWS credentials are not valid or have expired. Get new ones, then try again.\n',
    ],
    [
      'KMSInvalidStateException',
      `${keyArn} is pending deletion.`,
      `To keep the key, cancel its deletion, then enable it: keyward key cancel-deletion ${keyArn}\n`,
    ],
    [
      'KMSInvalidStateException',
      `${keyArn} is pending import.`,
      `This KMS key has no key material yet. To import a private key, run: keyward key import --in FILE --key ${keyArn}\n`,
    ],
    [
      'InvalidKeyUsageException',
      'not valid for Sign.',
      'The key must have key spec ECC_SECG_P256K1 and usage SIGN_VERIFY.\n',
    ],
    ['constructor', 'Unknown to AWS.'],
  ])('%s is not asked again', async (type, text, advice = '') => {
    kms.script.push(refuse(400, type, text))
    const name = type.replace(/^.*#/, '')
    expect(
      await refusal(sign()),
    ).toBe(`KmsServiceError: KMS returned ${name} for Sign.
${text}
${advice}KMS request id: ${requestId}
See docs/errors/kms-service.md`)
    expect(kms.requests).toHaveLength(1)
  })

  test('the error contains what a program needs', async () => {
    kms.script.push(refuse(400, 'DisabledException'))
    const error = (await sign().catch((error) => error)) as KmsServiceError
    expect(error).toBeInstanceOf(BaseError)
    expect({ ...error }).toEqual({
      name: 'KmsServiceError',
      code: 'kms-service',
      shortMessage: 'KMS returned DisabledException for Sign.',
      details: `Find out who disabled the key and why. An administrator can enable it again: run keyward unfreeze --stack NAME. For a key without a stack, use EnableKey of the KMS API.\nKMS request id: ${requestId}`,
      docsPath: 'docs/errors/kms-service.md',
      awsCode: 'DisabledException',
      status: 400,
      requestId,
    })
  })

  test('an uncorrectable clock is refused', async () => {
    const turn = refuse(
      400,
      'InvalidSignatureException',
      'Signature expired: now',
    )
    kms.script.push(turn, turn, turn)
    expect(await refusal(sign())).toMatch(
      /^KmsServiceError: KMS returned InvalidSignatureException for Sign\./,
    )
    expect(kms.requests).toHaveLength(2)
  })

  test('an answer that echoes the request reveals no secrets', async () => {
    kms.script.push((request, response) =>
      reply(response, 400, {
        __type: 'InvalidSignatureException',
        message: `The Canonical String should have been\n${request.rawHeaders.join('\n')}`,
      }),
    )
    const text = await refusal(sign())
    expect(text).toContain('x-amz-security-token\\n<166 characters>')
    expect(text).not.toContain(credentials.sessionToken.slice(0, 64))
  })

  test('silence', async () => {
    kms.script.push(...Array<Turn>(3).fill(() => {}))
    expect(await refusal(sign({ timeoutMs: 60 }))).toBe(
      `KmsTimeoutError: KMS at ${kms.host} did not answer within 60 ms.
You can repeat the call.
See docs/errors/kms-timeout.md`,
    )
    expect(kms.requests).toHaveLength(3)
  })

  test('an answer that never ends', async () => {
    const drip: Turn = (_, response) => {
      response.writeHead(200, { 'content-length': '500' })
      response.write('{')
    }
    kms.script.push(drip, drip, drip)
    expect(await refusal(sign({ timeoutMs: 60 }))).toMatch(/^KmsTimeoutError: /)
  })

  test('a deadline ends the attempts', async () => {
    kms.script.push(...Array<Turn>(10).fill(() => {}))
    const deadline = Date.now() + 150
    const options = { timeoutMs: 5000, maxAttempts: 10 }
    expect(await refusal(sign(options, { deadline }))).toMatch(
      /^KmsTimeoutError: /,
    )
    expect(Date.now() - deadline).toBeLessThan(1000)
    const before = kms.requests.length
    expect(await refusal(sign(options, { deadline }))).toBe(
      `KmsTimeoutError: The time limit was reached before KMS at ${kms.host} could be called.
You can repeat the call.
See docs/errors/kms-timeout.md`,
    )
    expect(kms.requests).toHaveLength(before)
  })

  test('a signal ends the current attempt and prevents further ones', async () => {
    const gone = new Error('nobody waits any more')
    const controller = new AbortController()
    kms.script.push(() => controller.abort(gone))
    const { signal } = controller
    await expect(sign({}, { signal })).rejects.toBe(gone)
    await expect(sign({}, { signal })).rejects.toBe(gone)
    expect(kms.requests).toHaveLength(1)
  })

  const damaged: [string, Turn, string][] = [
    [
      'cut off',
      (request, response) => {
        response.writeHead(200, { 'content-length': '500' })
        response.write('{"KeyId":', () => request.socket.destroy())
      },
      'it was cut off',
    ],
    [
      'text',
      (_, response) => reply(response, 200, 'hello'),
      'it is not a JSON object',
    ],
    [
      'null',
      (_, response) => reply(response, 200, 'null'),
      'it is not a JSON object',
    ],
    [
      'too large',
      (_, response) => {
        response.on('error', () => {})
        reply(response, 200, 'x'.repeat(100_000))
      },
      'it is larger than 65536 bytes',
    ],
    ['empty', (_, response) => reply(response, 200, {}), 'it has no Signature'],
    [
      'a number',
      (_, response) => reply(response, 200, { Signature: 1, KeyId: keyArn }),
      'it has no Signature',
    ],
    [
      'no base64',
      (_, response) => reply(response, 200, { Signature: '!!', KeyId: keyArn }),
      'its Signature is not base64',
    ],
    [
      'no key',
      (_, response) => reply(response, 200, { Signature: 'AAAA' }),
      'it has no KeyId',
    ],
  ]
  test.each(damaged)('an answer that is %s', async (_, turn, reason) => {
    kms.script.push(turn)
    expect(await refusal(sign({ maxAttempts: 1 }))).toBe(
      `KmsResponseError: The response to Sign is not valid: ${reason}.
The response was discarded. Check that the endpoint is KMS.
See docs/errors/kms-response.md`,
    )
  })

  test('redirects are not followed', async () => {
    kms.script.push((_, response) =>
      reply(response, 307, '', { location: 'http://example.com/' }),
    )
    expect(
      await refusal(sign()),
    ).toBe(`KmsServiceError: KMS returned HTTP 307 for Sign.
KMS request id: ${requestId}
See docs/errors/kms-service.md`)
    expect(kms.requests).toHaveLength(1)
  })

  test('no server is listening', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const endpoint = `http://127.0.0.1:${port}`
    expect(await refusal(sign({ endpoint }))).toBe(
      `KmsUnreachableError: KMS at 127.0.0.1:${port} can't be reached.
The connection failed (ECONNREFUSED). Check the Region, AWS_ENDPOINT_URL, and the network (a function in a VPC needs a KMS endpoint or NAT).
See docs/errors/kms-unreachable.md`,
    )
  })
})

describe('settings', () => {
  afterEach(() => vi.unstubAllEnvs())

  const configuration = (reason: string) =>
    `The KMS client is misconfigured: ${reason}.\nSee docs/errors/kms-configuration.md`

  test('no Region', () => {
    vi.stubEnv('AWS_REGION', undefined)
    vi.stubEnv('AWS_DEFAULT_REGION', undefined)
    expect(() => createKmsClient({ endpoint: kms.endpoint })).toThrow(
      configuration('the Region is missing or not valid. Set AWS_REGION'),
    )
  })

  test('no credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
    expect(await refusal(sign({ credentials: undefined }))).toBe(
      `KmsConfigurationError: ${configuration(
        'there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass credentials',
      )}`,
    )
    expect(kms.requests).toEqual([])
  })

  test.each([
    [
      { HTTPS_PROXY: 'http://proxy:3128' },
      "HTTPS_PROXY is set, but Keyward doesn't use proxies; if kms.us-east-1.amazonaws.com can be reached without a proxy, add that host to NO_PROXY",
    ],
    [
      { https_proxy: 'http://proxy:3128', no_proxy: 'localhost,.example.com' },
      "HTTPS_PROXY is set, but Keyward doesn't use proxies; if kms.us-east-1.amazonaws.com can be reached without a proxy, add that host to NO_PROXY",
    ],
    [
      { AWS_USE_DUALSTACK_ENDPOINT: 'true' },
      'AWS_USE_DUALSTACK_ENDPOINT is set, but this client has no dual-stack endpoints; set AWS_ENDPOINT_URL_KMS to the dual-stack endpoint of KMS',
    ],
    [
      { AWS_CA_BUNDLE: '/ca.pem', NODE_EXTRA_CA_CERTS: '' },
      "AWS_CA_BUNDLE is set, but Node doesn't read it, so the server's certificate can't be checked against it; set NODE_EXTRA_CA_CERTS to the same file",
    ],
  ])('%j would take a different route than intended', (environment, reason) => {
    for (const [name, value] of Object.entries(environment))
      vi.stubEnv(name, value)
    expect(() => createKmsClient({ region: 'us-east-1' })).toThrow(
      configuration(reason),
    )
  })

  test.each([
    { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'a, .amazonaws.com:443' },
    { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '*' },
    {
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_ENDPOINT_URL_KMS: 'https://kms.us-east-1.api.aws',
    },
    { AWS_CA_BUNDLE: '/ca.pem', NODE_EXTRA_CA_CERTS: '/ca.pem' },
  ])('%j takes the intended route', (environment) => {
    for (const [name, value] of Object.entries(environment))
      vi.stubEnv(name, value)
    createKmsClient({ region: 'us-east-1' })
  })

  test('credentials with a line break', async () => {
    const broken = { ...credentials, sessionToken: 'token\n' }
    expect(await refusal(sign({ credentials: broken }))).toBe(
      `KmsConfigurationError: ${configuration('the credentials contain line breaks or other characters that are not allowed in a header; set them again')}`,
    )
  })

  test("Lambda's environment is enough", async () => {
    vi.stubEnv('AWS_REGION', 'us-east-1')
    vi.stubEnv('AWS_ENDPOINT_URL', kms.endpoint)
    vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
    vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken)
    await createKmsClient().signDigest(keyArn, digest)
    expect(kms.requests[0]?.headers['x-amz-security-token']).toBe(
      credentials.sessionToken,
    )
  })
})
