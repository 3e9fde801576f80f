import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { BaseError, quote } from '@keyward/core/errors'
import { type HomeCredentials, sendToHome } from './sendToHome.js'

/**
 * Checks whether the listener on a loopback endpoint is the local home that
 * issued our credentials. It could also be a tunnel, a proxy or an emulator,
 * with AWS behind it. So the listener must prove, with an HMAC over our nonce,
 * that it knows the secret of our access key; AWS never reveals that secret,
 * and no request contains it.
 *
 * @returns Undefined if the listener is not a home.
 * @throws StrangeHomeError for a home that doesn't know our key, and fetch's
 * error if nothing answers
 */
export async function findHome(
  endpoint: string,
  region: string,
  credentials: HomeCredentials,
): Promise<{ accountId: string; callerArn: string } | undefined> {
  const nonce = randomBytes(32).toString('hex')
  const signed = { endpoint, region, credentials, method: 'GET' } as const
  const { status, body } = await sendToHome({
    ...{ ...signed, path: '/_keyward/home', query: `nonce=${nonce}` },
  })
  const { accountId, callerArn, proof } = body
  if (
    status === 200 &&
    typeof accountId === 'string' &&
    typeof callerArn === 'string' &&
    isProof(proof)
  )
    return { accountId, callerArn }
  if (body.__type === 'UnrecognizedClientException') {
    const health = await sendToHome({ ...signed, path: '/_keyward/health' })
    // A listener that only claims to be a home gets no further requests.
    if (health.status === 200 && health.body.status === 'ok')
      throw new StrangeHomeError(endpoint)
  }
  return undefined

  function isProof(given: unknown): boolean {
    const expected = createHmac(
      'sha256',
      `KEYWARD1${credentials.secretAccessKey}`,
    )
      .update(`local-home\n${nonce}`)
      .digest()
    if (typeof given !== 'string' || !/^[0-9a-f]{64}$/.test(given)) return false
    return timingSafeEqual(expected, Buffer.from(given, 'hex'))
  }
}

export class StrangeHomeError extends BaseError {
  override readonly name = 'StrangeHomeError'

  constructor(endpoint: string) {
    super(
      'strange-home',
      `The local home at ${quote(endpoint)} does not know these credentials.`,
      {
        details:
          'They belong to AWS, to another home, or to this home before it was ' +
          'reset. Use the home\'s own credentials: eval "$(npx --no-install ' +
          'keyward env)".',
      },
    )
  }
}
