import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import * as Authorization from './Authorization.js'
import { AwsError } from './Service.js'

const word = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength })
const lower = 'abcdefghijklmnopqrstuvwxyz0123456789-'

const authorization: fc.Arbitrary<Authorization.Authorization> = fc.record({
  accessKeyId: word('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16, 32),
  date: word('0123456789', 8, 8),
  region: word(lower, 1, 20),
  service: word(lower, 1, 20),
  terminator: fc.constant('aws4_request'),
  signedHeaders: fc
    .uniqueArray(word(lower, 1, 20), { minLength: 1, maxLength: 12 })
    .map((names) => names.sort()),
  signature: word('0123456789abcdef', 64, 64),
})

function render(a: Authorization.Authorization, separator: string, order = 0) {
  const parts = [
    `Credential=${a.accessKeyId}/${a.date}/${a.region}/${a.service}/${a.terminator}`,
    `SignedHeaders=${a.signedHeaders.join(';')}`,
    `Signature=${a.signature}`,
  ]
  const turned = [...parts.slice(order), ...parts.slice(0, order)]
  return `AWS4-HMAC-SHA256 ${turned.join(separator)}`
}

function refusal(header: string | undefined): string {
  try {
    Authorization.parse(header)
  } catch (error) {
    if (error instanceof AwsError) return `${error.type}: ${error.text}`
    throw error
  }
  return 'accepted'
}

test('reads what a client writes, with either separator, in any order', () => {
  fc.assert(
    fc.property(
      authorization,
      fc.constantFrom(',', ', ', ' , '),
      fc.nat(2),
      (a, separator, order) => {
        const header = render(a, separator, order)
        expect(Authorization.parse(header)).toEqual(a)
      },
    ),
  )
})

test('any text is read or refused by name, never anything else', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((s) => `AWS4-HMAC-SHA256 ${s}`),
        fc
          .tuple(authorization, fc.nat(), fc.string({ maxLength: 3 }))
          .map(([a, at, by]) => {
            const header = render(a, ', ')
            const i = at % header.length
            return header.slice(0, i) + by + header.slice(i + 1)
          }),
      ),
      (header) => {
        expect(refusal(header)).toMatch(
          /^(accepted$|MissingAuthenticationTokenException|IncompleteSignatureException)/,
        )
      },
    ),
    { numRuns: soak ? 2000 : 200 },
  )
})

test('a member taken out or doubled is refused', () => {
  fc.assert(
    fc.property(authorization, fc.nat(2), fc.nat(2), (a, out, twice) => {
      const parts = render(a, ',').slice('AWS4-HMAC-SHA256 '.length).split(',')
      const without = parts.filter((_, i) => i !== out)
      const doubled = [...parts, parts[twice]]
      const scheme = 'AWS4-HMAC-SHA256 '
      expect(refusal(scheme + without.join(','))).toMatch(
        /^IncompleteSignatureException: Authorization header requires '\w+' parameter\.$/,
      )
      expect(refusal(scheme + doubled.join(','))).toMatch(
        /^IncompleteSignatureException: Authorization header has '\w+' twice\.$/,
      )
    }),
  )
})

const good = render(
  {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    date: '20261124',
    region: 'us-east-1',
    service: 'kms',
    terminator: 'aws4_request',
    signedHeaders: ['host', 'x-amz-date'],
    signature: '0'.repeat(64),
  },
  ', ',
)

test.each([
  [
    undefined,
    'MissingAuthenticationTokenException: Missing Authentication Token',
  ],
  ['', 'MissingAuthenticationTokenException: Missing Authentication Token'],
  [
    'Bearer abc',
    "IncompleteSignatureException: Authorization header must begin with 'AWS4-HMAC-SHA256'.",
  ],
  [
    good.replace('host;x-amz-date', 'x-amz-date;host'),
    'IncompleteSignatureException: SignedHeaders must be lower-case header names in ascending order, separated by semicolons.',
  ],
  [
    good.replace('host', 'Host'),
    'IncompleteSignatureException: SignedHeaders must be lower-case header names in ascending order, separated by semicolons.',
  ],
  [
    good.replace('host;', 'host;host;'),
    'IncompleteSignatureException: SignedHeaders must be lower-case header names in ascending order, separated by semicolons.',
  ],
  [
    good.replace('/kms/', '/'),
    "IncompleteSignatureException: Credential must have exactly 5 slash-delimited elements: 'accessKeyId/yyyymmdd/region/service/aws4_request'.",
  ],
  [
    good.slice(0, -1),
    'IncompleteSignatureException: Signature must be 64 lower-case hex digits.',
  ],
  [
    `${good}, Extra=1`,
    'IncompleteSignatureException: Authorization header may hold only Credential, SignedHeaders and Signature.',
  ],
])('%s is refused', (header, text) => {
  expect(refusal(header)).toBe(text)
})
