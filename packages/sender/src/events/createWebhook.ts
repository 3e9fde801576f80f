import { createHmac, timingSafeEqual } from 'node:crypto'
import { BaseError } from '@keyward/core'
import {
  createExchange,
  type Exchange,
  findUnheardProxy,
  isLoopback,
} from '@keyward/core/aws'
import { type Runtime, systemRuntime } from '@keyward/core/rpc'
import type { Attempt } from '../ledger/Attempt.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import { toGetAnswer } from '../operations/Answer.js'
import { toEndWire } from '../wire/answers.js'

export type WebhookOptions = {
  /**
   * An https URL, or http on loopback. Messages show only its scheme and host.
   * A function is called for each delivery.
   */
  url: string | (() => Promise<string>)
  /** At least 16 characters. A function is called for each delivery. */
  secret: string | (() => Promise<string>)
  /** Timeout per attempt. @default 5000 */
  timeoutMs?: number | undefined
  /** Maximum attempts per run; the next run continues. @default 3 */
  maxAttempts?: number | undefined
  /**
   * How to make a POST request. @default over connections that are kept open
   */
  createExchange?: typeof createExchange | undefined
}

/**
 * Delivers a message. Returns what went wrong, or undefined if the receiver
 * answered 2xx.
 */
export type Deliver = (
  transaction: TransactionRecord,
  attempts: readonly Attempt[],
  deadline: number,
) => Promise<string | undefined>

/** The body of an answer is ignored, so it may have any content. */
const maxAnswerBytes = 64 * 1024
const minSecretLength = 16

/**
 * Notifies a webhook of each final state, signed: `X-Signature: sha256=<hex>`
 * is the HMAC-SHA256 of `<X-Timestamp>.<body>` under the secret. A delivery is
 * repeated until the receiver answers 2xx, so it may arrive more than once:
 * `id` in the body stays the same.
 *
 * @throws WebhookConfigurationError
 */
export function createWebhook(
  options: WebhookOptions,
  runtime: Runtime = systemRuntime,
): Deliver {
  const { timeoutMs = 5000, maxAttempts = 3, secret, url } = options
  if (typeof secret === 'string') assertSecret(secret)
  let target = typeof url === 'string' ? openTarget(url, options) : undefined

  async function readTarget(): Promise<Target> {
    const text = typeof url === 'function' ? await url() : url
    if (target?.text !== text) target = openTarget(text, options)
    return target
  }

  async function post(body: string, leftMs: number): Promise<void> {
    const key = typeof secret === 'function' ? await secret() : secret
    assertSecret(key)
    const timestamp = String(Math.floor(runtime.now() / 1000))
    const { exchange } = await readTarget()
    const { status } = await exchange(
      {
        'content-type': 'application/json',
        'x-timestamp': timestamp,
        'x-signature': sign(key, timestamp, body),
      },
      body,
      Math.min(timeoutMs, leftMs),
    )
    if (status < 200 || status > 299)
      throw new Error(`it returned HTTP ${status}`)
  }

  return async (transaction, attempts, deadline) => {
    const body = JSON.stringify(toEndWire(toGetAnswer(transaction, attempts)))
    for (let tries = 1; ; tries++) {
      try {
        await post(body, Math.max(1, deadline - runtime.now()))
        return undefined
      } catch (error) {
        if (error instanceof WebhookConfigurationError) throw error
        const waitMs = runtime.random() * 200 * 2 ** tries
        if (tries >= maxAttempts || runtime.now() + waitMs >= deadline)
          return `The webhook${target === undefined ? '' : ` at ${target.label}`} did not confirm the event: ${(error as Error).message}. The event will be sent again.`
        await runtime.sleep(waitMs)
      }
    }
  }
}

type Target = { text: string; label: string; exchange: Exchange }

/** @throws WebhookConfigurationError */
function openTarget(
  text: string,
  { createExchange: create = createExchange }: WebhookOptions,
): Target {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSafe =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url === undefined || !isSafe || url.username || url.hash)
    throw new WebhookConfigurationError(
      'its URL must begin with https:// and have no user or fragment',
    )
  const unheard = findUnheardProxy(url, process.env)
  if (unheard !== undefined) throw new WebhookConfigurationError(unheard)
  const exchange = create(url, {
    maxAnswerBytes,
    unreachable: (_, cause) =>
      new Error(
        `it cannot be reached (${(cause as NodeJS.ErrnoException).code ?? cause.name})`,
      ),
    timeout: (_, ms) => new Error(`it did not answer within ${ms} ms`),
  })
  return { text, label: `${url.protocol}//${url.host}`, exchange }
}

/**
 * For receivers: whether a delivery comes from this sender and is recent.
 *
 * @param body - As received, before any parsing.
 * @throws WebhookConfigurationError if the secret is missing or too short
 */
export function verifyWebhook(
  secret: string,
  delivery: { timestamp: string; signature: string; body: string },
  options: { toleranceMs?: number; now?: number } = {},
): boolean {
  const { toleranceMs = 300_000, now = systemRuntime.now() } = options
  const { timestamp, signature, body } = delivery
  assertSecret(secret)
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false
  if (Math.abs(now - Number(timestamp) * 1000) > toleranceMs) return false
  const expected = Buffer.from(sign(secret, timestamp, body))
  const came = Buffer.from(signature)
  return came.length === expected.length && timingSafeEqual(came, expected)
}

function sign(secret: string, timestamp: string, body: string): string {
  const hmac = createHmac('sha256', secret).update(`${timestamp}.${body}`)
  return `sha256=${hmac.digest('hex')}`
}

function assertSecret(secret: string): void {
  if (secret.length < minSecretLength)
    throw new WebhookConfigurationError(
      `its secret must have at least ${minSecretLength} characters`,
    )
}

/** These settings can't be used to call the webhook. */
export class WebhookConfigurationError extends BaseError {
  constructor(reason: string) {
    super('webhook-configuration', `The webhook is misconfigured: ${reason}.`)
    this.name = 'WebhookConfigurationError'
  }
}
