import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Credential } from '../iam/Credential.js'
import * as AmzDate from './AmzDate.js'
import * as Authorization from './Authorization.js'
import { canonicalRequest } from './canonicalRequest.js'
import * as RequestHeaders from './RequestHeaders.js'
import { AwsError } from './Service.js'
import * as SigV4 from './SigV4.js'

type Capture = {
  client: string
  method: string
  path: string
  headers: [string, string][]
  body: string
  signedHeaders: string[]
  canonicalRequest: string
}

const file: {
  credentials: {
    accessKeyId: string
    secretAccessKey: string
    sessionTokenWhereSigned: string
  }
  captures: Capture[]
} = JSON.parse(
  readFileSync(
    new URL('../../../../test/vectors/sigv4-captures.json', import.meta.url),
    'utf8',
  ),
)

const principal = {
  arn: 'arn:aws:iam::000000000000:user/operator',
  account: '000000000000',
}

function header(capture: Capture, name: string) {
  return capture.headers.find(([n]) => n.toLowerCase() === name)?.[1]
}

type Change = {
  body?: string
  headers?: [string, string][]
  now?: number
  url?: string
  method?: string
  credential?: Partial<Credential>
}

/** AWS's answer to the capture: 'ok' or 'type: text'. */
function verify(capture: Capture, change: Change = {}): string {
  const token = header(capture, 'x-amz-security-token')
  const credential: Credential = {
    accessKeyId: file.credentials.accessKeyId,
    secretAccessKey: file.credentials.secretAccessKey,
    ...(token
      ? { sessionToken: file.credentials.sessionTokenWhereSigned }
      : {}),
    principal,
    ...change.credential,
  }
  const now = change.now ?? AmzDate.toMs(header(capture, 'x-amz-date')!)!
  const verifier = SigV4.createVerifier({
    region: 'us-east-1',
    findCredential: (id) =>
      id === credential.accessKeyId ? credential : undefined,
    now: () => now,
  })
  try {
    const headers = RequestHeaders.fromRaw(
      (change.headers ?? capture.headers).flat(),
    )
    const found = verifier(
      {
        method: change.method ?? capture.method,
        url: change.url ?? capture.path,
        headers,
        body: Buffer.from(change.body ?? capture.body),
      },
      Authorization.parse(headers.authorization),
    )
    expect(found).toBe(credential)
    return 'ok'
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return `${error.type}: ${error.text}`
  }
}

const mismatch =
  'InvalidSignatureException: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const unrecognized =
  'UnrecognizedClientException: The security token included in the request is invalid.'

function flip(text: string, at: number) {
  const bytes = Buffer.from(text, 'latin1')
  bytes[at]! ^= 1
  return bytes.toString('latin1')
}

function withHeader(capture: Capture, name: string, to: (v: string) => string) {
  return capture.headers.map(([n, v]): [string, string] =>
    n.toLowerCase() === name ? [n, to(v)] : [n, v],
  )
}

describe.each(file.captures.map((c, i) => [`${i} ${c.client}`, c] as const))(
  'capture %s',
  (_, capture) => {
    test('is accepted, and its canonical request is rebuilt', () => {
      expect(verify(capture)).toBe('ok')
      expect(
        canonicalRequest(
          {
            method: capture.method,
            url: capture.path,
            headers: RequestHeaders.fromRaw(capture.headers.flat()),
            body: Buffer.from(capture.body),
          },
          capture.signedHeaders,
        ),
      ).toBe(capture.canonicalRequest)
    })

    test('with any byte of the body flipped is refused', () => {
      for (let i = 0; i < capture.body.length; i++)
        expect(verify(capture, { body: flip(capture.body, i) })).toBe(mismatch)
    })

    test.each(capture.signedHeaders.filter((n) => n !== 'x-amz-date'))(
      'with any byte of %s flipped is refused',
      (name) => {
        const value = header(capture, name)!
        for (let i = 0; i < value.length; i++) {
          const flipped = flip(value, i)
          // Spaces at the ends are not signed.
          if (flipped.trim() === value.trim()) continue
          const headers = withHeader(capture, name, () => flipped)
          expect(verify(capture, { headers })).toBe(
            name === 'x-amz-security-token' ? unrecognized : mismatch,
          )
        }
      },
    )

    test('with any byte of the date flipped is refused', () => {
      const value = header(capture, 'x-amz-date')!
      for (let i = 0; i < value.length; i++) {
        const headers = withHeader(capture, 'x-amz-date', (v) => flip(v, i))
        expect(verify(capture, { headers })).toMatch(/^InvalidSignature/)
      }
      const headers = withHeader(capture, 'x-amz-date', (v) =>
        flip(v, value.length - 2),
      )
      expect(verify(capture, { headers })).toBe(mismatch)
    })

    test('with any byte of the signature flipped is refused', () => {
      const value = header(capture, 'authorization')!
      for (let i = value.length - 64; i < value.length; i++) {
        const headers = withHeader(capture, 'authorization', (v) => flip(v, i))
        expect(verify(capture, { headers })).toMatch(
          /^(InvalidSignature|IncompleteSignature)Exception/,
        )
      }
    })

    test('with another method, path or query is refused', () => {
      expect(verify(capture, { method: 'PUT' })).toBe(mismatch)
      expect(verify(capture, { url: '/a' })).toBe(mismatch)
      expect(verify(capture, { url: '/?a=' })).toBe(mismatch)
    })

    test('without one of its signed headers is refused', () => {
      for (const name of capture.signedHeaders) {
        const headers = capture.headers.filter(
          ([n]) => n.toLowerCase() !== name,
        )
        expect(verify(capture, { headers })).toMatch(
          /^(InvalidSignature|UnrecognizedClient)Exception/,
        )
      }
    })

    test('is good for five minutes either way, not a second longer', () => {
      const sent = AmzDate.toMs(header(capture, 'x-amz-date')!)!
      const at = (ms: number) => verify(capture, { now: sent + ms })
      const name = (ms: number) => AmzDate.fromMs(sent + ms)
      expect(at(300_000)).toBe('ok')
      expect(at(-300_000)).toBe('ok')
      expect(at(301_000)).toBe(
        `InvalidSignatureException: Signature expired: ${name(0)} is now earlier than ${name(1000)} (${name(301_000)} - 5 min.)`,
      )
      expect(at(-301_000)).toBe(
        `InvalidSignatureException: Signature not yet current: ${name(0)} is still later than ${name(-1000)} (${name(-301_000)} + 5 min.)`,
      )
    })

    test('from an unknown access key or with a wrong secret is refused', () => {
      expect(
        verify(capture, {
          credential: { accessKeyId: 'AKIAOTHEROTHEROTHER0' },
        }),
      ).toBe(unrecognized)
      expect(verify(capture, { credential: { secretAccessKey: 'x' } })).toBe(
        mismatch,
      )
      expect(verify(capture, { credential: { sessionToken: 'another' } })).toBe(
        unrecognized,
      )
    })
  },
)

const [plain] = file.captures as [Capture]
const withScope = (from: string, to: string) =>
  verify(plain, {
    headers: withHeader(plain, 'authorization', (v) => v.replace(from, to)),
  })

test('a scope of another region, date, terminator is named', () => {
  expect(withScope('us-east-1', 'eu-west-1')).toBe(
    "InvalidSignatureException: Credential should be scoped to a valid region, not 'eu-west-1'. ",
  )
  expect(withScope('/20261124/', '/20261123/')).toBe(
    "InvalidSignatureException: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261123' != '20261124', from '20261124T182839Z'.",
  )
  expect(withScope('aws4_request', 'aws5_request')).toBe(
    "InvalidSignatureException: Credential should be scoped with a valid terminator: 'aws4_request'.",
  )
  expect(withScope('/kms/', '/lambda/')).toBe(mismatch)
})

test('host and x-amz-date must be signed', () => {
  expect(withScope('host;', '')).toBe(
    "InvalidSignatureException: 'host' must be a 'SignedHeader' in the AWS Authorization.",
  )
  expect(withScope('x-amz-date;', '')).toBe(
    "InvalidSignatureException: 'x-amz-date' must be a 'SignedHeader' in the AWS Authorization.",
  )
})

test('a repeated header that must stand once is refused', () => {
  const headers: [string, string][] = [...plain.headers, ['host', 'evil.test']]
  expect(verify(plain, { headers })).toBe(
    'ValidationException: The header host may occur only once in a request.',
  )
})

test('an expired session token is refused', () => {
  const capture = file.captures.find((c) => header(c, 'x-amz-security-token'))!
  const now = AmzDate.toMs(header(capture, 'x-amz-date')!)!
  expect(verify(capture, { credential: { expiresAt: now + 1 } })).toBe('ok')
  expect(verify(capture, { credential: { expiresAt: now } })).toBe(
    'ExpiredTokenException: The security token included in the request is expired',
  )
})
