import { expect, test } from 'vitest'
import captured from '../../../../test/vectors/sigv4-captures.json' with {
  type: 'json',
}
import { createRequestSigner } from './createRequestSigner.js'

const scope = { region: 'us-east-1', service: 'kms' }
const { accessKeyId, secretAccessKey, sessionTokenWhereSigned } =
  captured.credentials

// Debian's aws signs the same headers as this client, with and without a
// session token; the other captured clients sign more.
const sameShape = captured.captures.filter(({ client }) =>
  client.startsWith('aws-cli'),
)

test.each(
  sameShape.map(
    (capture) => [capture.signedHeaders.join(';'), capture] as const,
  ),
)("signs %s as Debian's aws did", (signedHeaders, capture) => {
  const headers = Object.fromEntries(
    capture.headers.map(([name = '', value = '']) => [
      name.toLowerCase(),
      value,
    ]),
  )
  const date = headers['x-amz-date'] ?? ''
  const now = Date.parse(
    date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'),
  )
  const sign = createRequestSigner(scope)
  const token = headers['x-amz-security-token']
  const ours = sign({
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(token && { sessionToken: sessionTokenWhereSigned }),
    },
    host: headers.host ?? '',
    contentType: headers['content-type'] ?? '',
    target: headers['x-amz-target'] ?? '',
    body: capture.body,
    now,
  })
  expect(ours).toEqual({
    'content-type': headers['content-type'],
    host: headers.host,
    'x-amz-date': date,
    ...(token && { 'x-amz-security-token': token }),
    'x-amz-target': headers['x-amz-target'],
    authorization: headers.authorization,
  })
  expect(ours.authorization).toContain(`SignedHeaders=${signedHeaders},`)
})

test('both captured shapes were compared', () => {
  expect(sameShape).toHaveLength(2)
})

test('the cached key follows the day, the secret and the Region', () => {
  const request = {
    credentials: { accessKeyId, secretAccessKey },
    host: 'kms.us-east-1.amazonaws.com',
    contentType: 'application/x-amz-json-1.1',
    target: 'TrentService.Sign',
    body: '{}',
    now: Date.UTC(2026, 10, 24, 23, 59, 59, 999),
  }
  const warm = createRequestSigner(scope)
  const variants = [
    request,
    { ...request, now: request.now + 1 },
    { ...request, credentials: { accessKeyId, secretAccessKey: 'another' } },
    request,
  ]
  const signatures = variants.map((variant) => {
    const cold = createRequestSigner(scope)(variant)
    expect(warm(variant)).toEqual(cold)
    return cold.authorization
  })
  expect(new Set(signatures).size).toBe(3)
  expect(
    createRequestSigner({ ...scope, region: 'eu-west-1' })(request)
      .authorization,
  ).not.toBe(signatures[0])
})
