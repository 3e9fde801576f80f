import { Agent } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Key,
  type KmsUnderTest,
  openKms,
  remote,
  type WireOptions,
} from './openKms.js'

// What no client that works would send, and the bytes that come back.

let kms: KmsUnderTest
let key: Key
beforeAll(async () => {
  kms = await openKms(1)
  key = await kms.createKey()
})
afterAll(() => kms.close())

const type = 'application/x-amz-json-1.1'
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Status, error and text, after checking what every answer has. */
async function refusal(options: WireOptions) {
  const answer = await kms.wire({
    operation: 'DescribeKey',
    body: { KeyId: key.keyId },
    ...options,
  })
  expect(answer.headers).toMatchObject({
    'content-type': type,
    'content-length': String(Buffer.byteLength(answer.body)),
    'x-amzn-requestid': expect.stringMatching(uuid),
  })
  const { __type, ...rest } = JSON.parse(answer.body)
  return [answer.status, String(__type).replace(/^.*#/, ''), rest]
}

const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const unrecognized = 'The security token included in the request is invalid.'

test('a good one is answered', async () => {
  const answer = await kms.wire({
    operation: 'DescribeKey',
    body: { KeyId: key.keyId },
  })
  expect(answer).toMatchObject({
    status: 200,
    headers: {
      'content-type': type,
      'content-length': String(Buffer.byteLength(answer.body)),
      'x-amzn-requestid': expect.stringMatching(uuid),
    },
  })
  expect(JSON.parse(answer.body).KeyMetadata.Arn).toBe(key.arn)
})

describe('the body and the target', () => {
  test.each([
    ['half an object', '{'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['null', 'null'],
    ['a list', '[]'],
    ['two objects', '{}{}'],
  ])('%s', async (_what, body) => {
    expect(await refusal({ body })).toEqual([400, 'SerializationException', {}])
  })

  test.each([
    ['no operation of KMS', 'TrentService.MakeCoffee'],
    ['another service', 'DynamoDB_20120810.ListTables'],
    ['no service', 'DescribeKey'],
    ['nothing after the dot', 'TrentService.'],
    ['a name every object has', 'TrentService.toString'],
    ['another case', 'TrentService.describekey'],
  ])('%s: %s', async (_what, target) => {
    const headers = { 'x-amz-target': target }
    const message = expect.stringMatching(
      /^The local home has no operation( \w+)? of KMS\. It has: CancelKeyDeletion, /,
    )
    const unknown = [
      ...[400, 'UnknownOperationException'],
      remote ? {} : { message },
    ]
    expect(await refusal({ headers })).toEqual(unknown)
  })
})

describe('the signature', () => {
  const secretAccessKey = 'wrong/wrong/wrong/wrong/wrong/wrong/wrong'
  const now = () => Date.now()
  const iso = (ms: number) =>
    new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const invalid = (message: unknown) => [
    400,
    'InvalidSignatureException',
    { message },
  ]

  test('none', async () => {
    const change = ({ authorization, ...headers }: Record<string, string>) =>
      headers
    expect(await refusal({ change })).toEqual([
      400,
      'MissingAuthenticationTokenException',
      { message: 'Missing Authentication Token' },
    ])
  })

  test('of an unknown access key', async () => {
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey }
    expect(await refusal({ credentials })).toEqual([
      400,
      'UnrecognizedClientException',
      { message: unrecognized },
    ])
  })

  test('with a wrong secret', async () => {
    const { accessKeyId, sessionToken } = await kms.client.config.credentials()
    const credentials = { accessKeyId, secretAccessKey, sessionToken }
    expect(await refusal({ credentials })).toEqual(
      invalid(expect.stringContaining(mismatch)),
    )
  })

  test.each([
    [
      'digit',
      (h: Record<string, string>) => ({
        ...h,
        authorization: (h.authorization ?? '').replace(/.$/, (c) =>
          c === '0' ? '1' : '0',
        ),
      }),
    ],
    [
      'signed header',
      (h: Record<string, string>) => ({
        ...h,
        'x-amz-target': 'TrentService.ListKeys',
      }),
    ],
  ])('of which one %s was changed', async (_what, change) => {
    expect(await refusal({ change })).toEqual(
      invalid(expect.stringContaining(mismatch)),
    )
  })

  test('of another body', async () => {
    const { keyId } = key
    const body = JSON.stringify({ KeyId: keyId })
    const other = body.replace('KeyId', 'KeyID')
    const hash = async (text: string) => {
      const bytes = await crypto.subtle.digest('SHA-256', Buffer.from(text))
      return Buffer.from(bytes).toString('hex')
    }
    const headers = { 'x-amz-content-sha256': await hash(other) }
    expect(await refusal({ body, headers })).toEqual(
      invalid(expect.any(String)),
    )
    const right = { 'x-amz-content-sha256': await hash(body) }
    const good = await kms.wire({
      operation: 'DescribeKey',
      body,
      headers: right,
    })
    expect(good.status).toBe(200)
  })

  test('six minutes old', async () => {
    const sent = now() - 6 * 60_000
    expect(await refusal({ now: sent })).toEqual(
      invalid(
        expect.stringMatching(
          new RegExp(
            `^Signature expired: ${iso(sent)} is now earlier than \\d{8}T\\d{6}Z \\(\\d{8}T\\d{6}Z - 5 min\\.\\)$`,
          ),
        ),
      ),
    )
  })

  test('of a time six minutes from now', async () => {
    const sent = now() + 6 * 60_000
    expect(await refusal({ now: sent })).toEqual(
      invalid(
        expect.stringMatching(
          new RegExp(
            `^Signature not yet current: ${iso(sent)} is still later than \\d{8}T\\d{6}Z \\(\\d{8}T\\d{6}Z \\+ 5 min\\.\\)$`,
          ),
        ),
      ),
    )
  })

  test('for another Region', async () => {
    const region = kms.region === 'eu-west-1' ? 'us-east-1' : 'eu-west-1'
    expect(await refusal({ region })).toEqual(
      invalid(
        `Credential should be scoped to a valid region, not '${region}'. `,
      ),
    )
  })
})

// AWS answers in ways of its own to what concerns this machine only.
describe.skipIf(remote)('local only', () => {
  const forbidden = (message: string) => [
    403,
    'AccessDeniedException',
    { message },
  ]

  test.each(['evil.test', '127.0.0.1.evil.test', '169.254.169.254', '0.0.0.0'])(
    'a Host that is not this machine: %s',
    async (host) => {
      const origin = new URL(kms.endpoint)
      for (const name of [host, `${host}:${origin.port}`])
        expect(await refusal({ headers: { host: name } })).toEqual(
          forbidden(
            'The Host header must be 127.0.0.1, localhost or [::1], with any ' +
              'port: this server only answers requests from its own machine.',
          ),
        )
    },
  )

  test('any name of this machine as Host', async () => {
    for (const host of ['localhost', '127.0.0.1:1', '[::1]:4566'])
      expect(
        await kms.wire({ operation: 'ListKeys', headers: { host } }),
      ).toMatchObject({ status: 200 })
  })

  test('an Origin', async () => {
    for (const origin of ['https://evil.test', 'null', kms.endpoint])
      expect(await refusal({ headers: { origin } })).toEqual(
        forbidden(
          "Requests with an Origin header are refused: web pages can't use this server.",
        ),
      )
  })

  test('another service in the scope', async () => {
    expect(await refusal({ service: 'sqs' })).toEqual([
      400,
      'UnknownOperationException',
      {
        message: expect.stringMatching(
          /^The local home has no service 'sqs' \(the name in the credential scope\)\. It serves: kms, lambda, /,
        ),
      },
    ])
  })

  test('a body over 1 MiB, while one of exactly 1 MiB is read', async () => {
    const limit = 1024 * 1024
    const text = JSON.stringify({ KeyId: key.keyId })
    const of = (length: number) => Buffer.from(text.padEnd(length))
    const whole = { operation: 'DescribeKey', body: of(limit) }
    expect(await kms.wire(whole)).toMatchObject({ status: 200 })
    for (const body of [of(limit + 1), of(6 * limit)])
      expect(await refusal({ body })).toEqual([
        413,
        'RequestTooLargeException',
        {
          message: `Request must be smaller than or equal to ${limit} bytes.`,
        },
      ])
  })

  test('one connection serves good and refused requests', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const connections = () => kms.home?.stats().connections ?? 0
    const before = connections()
    const answers: number[] = []
    for (const options of [
      {},
      { body: '{' },
      { service: 'sqs' },
      { headers: { origin: 'null' } },
      { now: 0 },
      { body: Buffer.alloc(2 * 1024 * 1024) },
      {},
    ]) {
      const asked = { operation: 'ListKeys', agent, ...options }
      answers.push((await kms.wire(asked)).status)
    }
    agent.destroy()
    expect(answers).toEqual([200, 400, 400, 403, 400, 413, 200])
    expect(connections() - before).toBe(1)
  })
})
