import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyService } from '../KeyService.js'
import { isSkew, isTransient } from './classifyError.js'
import { KmsConfigurationError, KmsTimeoutError } from './errors.js'
import { type Answer, createExchange } from './exchange.js'
import { readAnswer, readBytes, readText } from './readAnswer.js'
import { resolveEndpoint } from './resolveEndpoint.js'
import { type Credentials, createRequestSigner } from './signRequest.js'

export type KmsClientOptions = {
  /** @default AWS_REGION, AWS_DEFAULT_REGION */
  region?: string | undefined
  /** @default AWS_ENDPOINT_URL_KMS, AWS_ENDPOINT_URL, else the Region's */
  endpoint?: string | undefined
  /** @default AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN */
  credentials?: Credentials | (() => Promise<Credentials>) | undefined
  /** For one attempt. @default 5000 */
  timeoutMs?: number | undefined
  /** @default 3 */
  maxAttempts?: number | undefined
  /** When the caller stops waiting, in ms since 1970. @default never */
  deadline?: (() => number) | undefined
}

/**
 * A KMS client of exactly two operations, for functions, where start-up is what
 * users feel. Permissions: `kms:GetPublicKey`, `kms:Sign`. It signs with SigV4,
 * keeps its connections, retries throttling, faults and broken connections
 * with full jitter within the deadline, and corrects a wrong clock.
 *
 * @throws KmsConfigurationError
 * @example
 * const service = createKmsClient()
 * const key = await SigningKey.connect({ service, keyId: 'alias/treasury' })
 */
export function createKmsClient(options: KmsClientOptions = {}): KeyService {
  const environment = process.env
  const region =
    options.region || environment.AWS_REGION || environment.AWS_DEFAULT_REGION
  if (!region || !/^[a-z0-9-]{1,64}$/.test(region))
    throw new KmsConfigurationError('no Region; set AWS_REGION')
  const endpoint = resolveEndpoint(region, environment, options.endpoint)
  const exchange = createExchange(endpoint)
  const signRequest = createRequestSigner(region)
  const { timeoutMs = 5000, maxAttempts = 3 } = options
  const deadline = options.deadline ?? (() => Number.POSITIVE_INFINITY)
  /** Their clock less ours, in ms; 0 until KMS says otherwise. */
  let skewMs = 0

  async function attempt(operation: string, body: string): Promise<Answer> {
    const leftMs = deadline() - Date.now()
    if (leftMs <= 0) throw new KmsTimeoutError(endpoint.host, 0)
    const headers = signRequest({
      credentials: await readCredentials(options.credentials),
      host: endpoint.host,
      target: `TrentService.${operation}`,
      body,
      now: Date.now() + skewMs,
    })
    return exchange(headers, body, Math.min(timeoutMs, Math.ceil(leftMs)))
  }

  async function call(
    operation: string,
    input: Record<string, string>,
  ): Promise<{ output: Record<string, unknown>; requestId?: string }> {
    const body = JSON.stringify(input)
    let corrected = false
    for (let tries = 1; ; tries++) {
      let failure: Error
      try {
        const answer = await attempt(operation, body)
        const result = readAnswer(operation, answer)
        if (!(result instanceof Error)) return result
        failure = result
        if (!corrected && isSkew(result)) {
          const theirs = Date.parse(answer.headers.date ?? '')
          if (!Number.isNaN(theirs)) {
            skewMs = theirs - Date.now()
            corrected = true
            tries--
            continue
          }
        }
      } catch (error) {
        failure = error as Error
      }
      if (tries >= maxAttempts || !isTransient(failure)) throw failure
      const waitMs = Math.random() * Math.min(2000, 50 * 2 ** tries)
      if (Date.now() + waitMs >= deadline()) throw failure
      await sleep(waitMs)
    }
  }

  return {
    async getPublicKey(keyId) {
      const { output } = await call('GetPublicKey', { KeyId: keyId })
      return {
        spki: readBytes('GetPublicKey', output, 'PublicKey'),
        keyArn: readText('GetPublicKey', output, 'KeyId'),
      }
    },
    async signDigest(keyId, digest) {
      const { output, requestId } = await call('Sign', {
        KeyId: keyId,
        Message: Buffer.from(digest).toString('base64'),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      })
      return {
        der: readBytes('Sign', output, 'Signature'),
        keyArn: readText('Sign', output, 'KeyId'),
        ...(requestId === undefined ? {} : { requestId }),
      }
    },
  }
}

async function readCredentials(
  given: KmsClientOptions['credentials'],
): Promise<Credentials> {
  const credentials = await chooseCredentials(given)
  const { accessKeyId, sessionToken } = credentials
  // They go into headers, and Node's error for a newline in one is no help.
  if (/[^\x20-\x7e]/.test(`${accessKeyId}${sessionToken ?? ''}`))
    throw new KmsConfigurationError(
      'the credentials hold line ends or other characters that a header cannot hold; set them anew',
    )
  return credentials
}

async function chooseCredentials(
  given: KmsClientOptions['credentials'],
): Promise<Credentials> {
  if (typeof given === 'function') return given()
  if (given !== undefined) return given
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } =
    process.env
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new KmsConfigurationError(
      'no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass credentials',
    )
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  }
}
