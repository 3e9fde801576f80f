import { setTimeout as sleep } from 'node:timers/promises'
import type { AwsService, Refusal } from './AwsService.js'
import { type Answer, createExchange } from './createExchange.js'
import { createRequestSigner } from './createRequestSigner.js'
import {
  type Credentials,
  type CredentialsSource,
  readCredentials,
} from './credentials.js'
import { findUnheard } from './findUnheard.js'
import { type Output, readAnswer } from './readAnswer.js'
import { resolveEndpoint } from './resolveEndpoint.js'

export type AwsClientOptions = {
  /** @default AWS_REGION, AWS_DEFAULT_REGION */
  region?: string | undefined
  /** @default AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, or the Region's */
  endpoint?: string | undefined
  /** @default AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN */
  credentials?: CredentialsSource
  /** Timeout per attempt. @default 5000 */
  timeoutMs?: number | undefined
  /** @default 3 */
  maxAttempts?: number | undefined
}

export type AwsClient = {
  /** The host it calls, for example `dynamodb.eu-central-1.amazonaws.com`. */
  readonly host: string
  /**
   * @param options.deadline - When the caller stops waiting, in ms since 1970.
   * @param options.signal - Aborted when the answer is no longer wanted.
   * @param options.once - The call must not run twice. It is retried after a
   * refusal, but not after a fault or a broken connection, because it may
   * already have run.
   * @throws one of the service's errors, or the signal's reason
   */
  call(
    operation: string,
    input: object,
    options?: {
      deadline?: number | undefined
      signal?: AbortSignal | undefined
      once?: boolean
    },
  ): Promise<Output>
}

/**
 * A lean client for an AWS JSON service. It signs with SigV4 and keeps its
 * connections open. Within the deadline, it retries throttling, faults and
 * broken connections with full jitter. It also corrects for a wrong clock.
 *
 * @throws the error that `errors.configuration` creates
 */
export function createAwsClient(
  service: AwsService,
  options: AwsClientOptions,
): AwsClient {
  const { errors } = service
  const environment = process.env
  const region =
    options.region || environment.AWS_REGION || environment.AWS_DEFAULT_REGION
  if (!region || !/^[a-z0-9-]{1,64}$/.test(region))
    throw errors.configuration(
      'the Region is missing or not valid. Set AWS_REGION',
    )
  const endpoint = resolveEndpoint(
    service,
    region,
    environment,
    options.endpoint,
  )
  const unheard = findUnheard(endpoint, environment)
  if (unheard !== undefined) throw errors.configuration(unheard)
  const exchange = createExchange(endpoint, {
    ...errors,
    maxAnswerBytes: service.maxAnswerBytes,
  })
  const signRequest = createRequestSigner({ region, service: service.name })
  const { credentials: source, timeoutMs = 5000, maxAttempts = 3 } = options
  /**
   * The service's clock minus ours, in ms; 0 until the service reports a skew.
   */
  let skewMs = 0

  function attempt(
    operation: string,
    body: string,
    credentials: Credentials,
    deadline: number,
    options: { signal: AbortSignal | undefined; once: boolean },
  ): Promise<Answer> {
    const leftMs = deadline - Date.now()
    if (leftMs <= 0) throw errors.timeout(endpoint.host, 0)
    const headers = signRequest({
      credentials,
      host: endpoint.host,
      contentType: service.contentType,
      target: `${service.targetPrefix}.${operation}`,
      body,
      now: Date.now() + skewMs,
    })
    const waitMs = Math.min(timeoutMs, Math.ceil(leftMs))
    return exchange(headers, body, waitMs, options)
  }

  return {
    host: endpoint.host,
    async call(operation, input, options = {}) {
      const { deadline = Infinity, signal, once = false } = options
      const body = JSON.stringify(input)
      let corrected = false
      for (let tries = 1; ; tries++) {
        const credentials = await readCredentials(source, errors.configuration)
        signal?.throwIfAborted()
        let failure: Error
        let passing = !once
        try {
          const answer = await attempt(
            ...([operation, body, credentials, deadline] as const),
            { signal, once },
          )
          const result = readAnswer(operation, answer, errors)
          if ('output' in result) return result
          if ('refusal' in result) {
            const { refusal } = result
            failure = errors.refused(operation, refusal)
            passing =
              (refusal.status >= 500 && !once) ||
              (refusal.status < 500 &&
                service.transientCodes.has(refusal.awsCode))
            const { date: theirs } = refusal
            if (!corrected && isSkew(refusal) && theirs !== undefined) {
              skewMs = theirs - Date.now()
              corrected = true
              tries--
              continue
            }
          } else failure = result.damage
        } catch (error) {
          failure = error as Error
        }
        signal?.throwIfAborted()
        if (tries >= maxAttempts || !passing) throw failure
        const waitMs = Math.random() * Math.min(2000, 50 * 2 ** tries)
        if (Date.now() + waitMs >= deadline) throw failure
        await sleep(waitMs, undefined, { signal })
      }
    },
  }
}

/** Whether the service says that our clock is wrong. */
function isSkew({ awsCode, text }: Refusal): boolean {
  return (
    /InvalidSignature|RequestTimeTooSkewed|RequestExpired/.test(awsCode) &&
    /expired|not yet current|skewed/i.test(`${text} ${awsCode}`)
  )
}
