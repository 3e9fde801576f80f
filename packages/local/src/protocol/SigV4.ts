import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Credential, FindCredential } from '../iam/Credential.js'
import * as AmzDate from './AmzDate.js'
import type { Authorization } from './Authorization.js'
import {
  canonicalRequest,
  type SignedParts,
  sha256Hex,
} from './canonicalRequest.js'
import { AwsError } from './Service.js'

/**
 * AWS accepts requests that were signed up to five minutes before or after the
 * current time.
 */
const windowMs = 5 * 60_000

export type Verifier = (
  request: SignedParts,
  authorization: Authorization,
) => Credential

/**
 * Creates a function that checks a signed request as AWS does, and returns the
 * credential that signed it. The function caches derived signing keys, so that
 * a request costs two hashes and one HMAC.
 *
 * The returned function throws `AwsError`: InvalidSignatureException (scope,
 * date, body hash, signature), UnrecognizedClientException (access key or
 * session token), ExpiredTokenException.
 */
export function createVerifier(parameters: {
  region: string
  findCredential: FindCredential
  /** Milliseconds since 1970. */
  now: () => number
}): Verifier {
  const { region, findCredential, now } = parameters
  const signingKeys = new Map<string, Buffer>()

  // Done only after the scope, the date and the access key have been checked,
  // so that a stranger can't fill the cache.
  const signingKey = (credential: Credential, scope: string) => {
    const name = `${credential.accessKeyId}/${scope}`
    let key = signingKeys.get(name)
    if (!key) {
      if (signingKeys.size >= 1000) signingKeys.clear()
      key = deriveKey(credential.secretAccessKey, scope.split('/'))
      signingKeys.set(name, key)
    }
    return key
  }

  return (request, authorization) => {
    assertScope(authorization, region)
    const amzDate = assertDate(request.headers, authorization, now())
    const credential = findCredential(authorization.accessKeyId)
    if (!credential) throw unrecognizedClient()
    assertToken(request.headers, authorization, credential, now())
    const { date, service, terminator, signedHeaders } = authorization
    const isS3 = service === 's3'
    const bodySha256 = signedHash(request, isS3)
    const scope = `${date}/${region}/${service}/${terminator}`
    const canonical = canonicalRequest(
      request,
      signedHeaders,
      bodySha256,
      isS3 ? 'once' : 'twice',
    )
    const expected = createHmac('sha256', signingKey(credential, scope))
      .update(
        `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${sha256Hex(canonical)}`,
        'latin1',
      )
      .digest()
    if (!timingSafeEqual(expected, Buffer.from(authorization.signature, 'hex')))
      throw mismatch()
    return credential
  }
}

/** Values that S3 accepts instead of the body's hash. */
const unsignedBodies = [
  'UNSIGNED-PAYLOAD',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
]

function signedHash({ headers, body }: SignedParts, isS3: boolean): string {
  const claimed = headers['x-amz-content-sha256']
  if (isS3 && claimed !== undefined && unsignedBodies.includes(claimed))
    return claimed
  const bodySha256 = sha256Hex(body)
  if (claimed !== undefined && claimed !== bodySha256) throw mismatch()
  return bodySha256
}

/** A secret's signing key for [date, region, service, terminator]. */
function deriveKey(secret: string, scope: readonly string[]): Buffer {
  return scope.reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  )
}

function assertScope(authorization: Authorization, region: string) {
  if (authorization.terminator !== 'aws4_request')
    throw invalid(
      "Credential should be scoped with a valid terminator: 'aws4_request'.",
    )
  if (authorization.region !== region)
    throw invalid(
      `Credential should be scoped to a valid region, not '${authorization.region}'. `,
    )
  for (const name of ['host', 'x-amz-date'])
    if (!authorization.signedHeaders.includes(name))
      throw invalid(
        `'${name}' must be a 'SignedHeader' in the AWS Authorization.`,
      )
}

function assertDate(
  headers: SignedParts['headers'],
  authorization: Authorization,
  now: number,
): string {
  const amzDate = headers['x-amz-date'] ?? ''
  const sentAt = AmzDate.toMs(amzDate)
  if (sentAt === undefined)
    throw invalid('X-Amz-Date must have the format yyyymmddThhmmssZ.')
  if (amzDate.slice(0, 8) !== authorization.date)
    throw invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${authorization.date}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`,
    )
  const at = AmzDate.fromMs
  if (sentAt < now - windowMs)
    throw invalid(
      `Signature expired: ${amzDate} is now earlier than ${at(now - windowMs)} (${at(now)} - 5 min.)`,
    )
  if (sentAt > now + windowMs)
    throw invalid(
      `Signature not yet current: ${amzDate} is still later than ${at(now + windowMs)} (${at(now)} + 5 min.)`,
    )
  return amzDate
}

function assertToken(
  headers: SignedParts['headers'],
  authorization: Authorization,
  credential: Credential,
  now: number,
) {
  const token = headers['x-amz-security-token']
  if (credential.sessionToken === undefined) {
    if (token !== undefined) throw unrecognizedClient()
    return
  }
  if (token === undefined || !equal(token, credential.sessionToken))
    throw unrecognizedClient()
  if (!authorization.signedHeaders.includes('x-amz-security-token'))
    throw mismatch()
  if (credential.expiresAt !== undefined && now >= credential.expiresAt)
    throw new AwsError(
      'ExpiredTokenException',
      'The security token included in the request is expired',
    )
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function invalid(text: string) {
  return new AwsError('InvalidSignatureException', text)
}

function mismatch() {
  return invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
}

function unrecognizedClient() {
  return new AwsError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  )
}
