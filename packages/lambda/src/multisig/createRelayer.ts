import { BaseError, type Hex } from '@keyward/core'
import {
  createExchange,
  createRequestSigner,
  Partition,
  readCredentials,
} from '@keyward/core/aws'
import type { Relayed, Relayer } from '@keyward/safe'

/** Longer than a sender needs for one request. */
const longestMs = 30_000

/**
 * The stack's relayer, called through its alias. Permission:
 * `lambda:InvokeFunction` on the alias.
 *
 * @throws RelayerError
 */
export function createRelayer(functionArn: string): Relayer {
  const region = functionArn.split(':')[3] ?? ''
  const path = `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`
  const endpoint = new URL(path, originOf(region))
  const sign = createRequestSigner({ region, service: 'lambda' })
  const exchange = createExchange(endpoint, {
    maxAnswerBytes: 1024 * 1024,
    unreachable: (host, cause) =>
      new RelayerError(
        `Lambda at ${host} can't be reached (${(cause as NodeJS.ErrnoException).code ?? cause.name}).`,
      ),
    timeout: (host, timeoutMs) =>
      new RelayerError(
        `Lambda at ${host} did not answer within ${timeoutMs} ms.`,
      ),
  })

  let known: Hex | undefined

  /**
   * Calls the function only once. If no answer arrives, the sender's ledger
   * shows what was done.
   */
  async function ask(
    event: object,
    deadline = Number.POSITIVE_INFINITY,
  ): Promise<Fields> {
    const now = Date.now()
    const waitMs = Math.min(longestMs, deadline - now)
    if (waitMs <= 0)
      throw new RelayerError(
        'The time limit was reached before the relayer could be invoked.',
      )
    const body = JSON.stringify(event)
    const headers = sign({
      credentials: await readCredentials(undefined, fail),
      host: endpoint.host,
      path: encodedTwice(endpoint.pathname),
      contentType: 'application/json',
      body,
      now,
    })
    const answer = await exchange(headers, body, waitMs, { once: true })
    const fields = parse(answer.body)
    if (answer.damage !== undefined)
      throw fail(`The response from Lambda is not valid: ${answer.damage}.`)
    if (answer.headers['x-amz-function-error'] !== undefined) {
      const { errorType, errorMessage } = fields
      throw new RelayerError(
        [errorType, errorMessage].filter(Boolean).join(': '),
        String(errorType),
      )
    }
    if (answer.status !== 200)
      throw fail(
        [
          `Lambda returned HTTP ${answer.status}.`,
          text(fields.Message ?? fields.message),
          advice[answer.status],
        ]
          .filter(Boolean)
          .join(' '),
      )
    return fields
  }

  return {
    async address(options) {
      if (known !== undefined) return known
      // Asks through the coordinator's own alias, which also answers `status`.
      const { eth_checksum_address } = await ask(
        { operation: 'status' },
        options?.deadline,
      )
      const address = text(eth_checksum_address).toLowerCase()
      if (/^0x[0-9a-f]{40}$/.test(address)) known = address as Hex
      if (known === undefined)
        throw fail("The relayer's status has no address.")
      return known
    },
    async send({ idempotencyKey, to, data }, options) {
      const reference = { idempotency_key: idempotencyKey }
      const event = { dst_address: to, value_wei: '0', data }
      try {
        return toRelayed(
          await ask(
            { operation: 'send', ...reference, ...event },
            options?.deadline,
          ),
        )
      } catch (error) {
        // The relayer already has the execution, with the signatures of other
        // owners.
        if (!isType(error, 'IdempotencyConflictError')) throw error
        return toRelayed(
          await ask({ operation: 'get', ...reference }, options?.deadline),
        )
      }
    },
    async get(idempotencyKey, options) {
      try {
        const reference = { idempotency_key: idempotencyKey }
        return toRelayed(
          await ask({ operation: 'get', ...reference }, options?.deadline),
        )
      } catch (error) {
        if (isType(error, 'TransactionNotFoundError')) return undefined
        throw error
      }
    },
  }
}

/** What to do about Lambda's own refusals, by HTTP status. */
const advice: Readonly<Record<number, string>> = {
  403: "Allow this function's role lambda:InvokeFunction on the relayer's alias.",
  404: "Check the relayer's name and alias, the AWS account and the Region.",
  429: 'Wait a moment before you try again.',
}

type Fields = Record<string, unknown>

const fail = (reason: string) => new RelayerError(reason)
const text = (value: unknown) => (typeof value === 'string' ? value : '')
const isType = (error: unknown, type: string) =>
  error instanceof RelayerError && error.errorType === type

function toRelayed(fields: Fields): Relayed {
  const or = (value: unknown) => (typeof value === 'string' ? value : null)
  const hash = or(fields.signed_tx_hash) as Hex | null
  const attempts = Array.isArray(fields.attempts) ? fields.attempts : []
  const hashes = attempts.map((one: { hash?: unknown }) => one.hash as Hex)
  return {
    transactionId: text(fields.transaction_id),
    status: text(fields.status),
    isFinal: fields.final === true,
    hash,
    hashes: hash === null ? hashes : [hash, ...hashes],
    receiptStatus: or(fields.receipt_status),
    problem: or(fields.problem),
  }
}

function parse(body: string): Fields {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Fields) : {}
  } catch {
    return {}
  }
}

/** Looks up the endpoint as the other clients do. */
function originOf(region: string): string {
  const { AWS_ENDPOINT_URL_LAMBDA, AWS_ENDPOINT_URL } = process.env
  const configured = AWS_ENDPOINT_URL_LAMBDA || AWS_ENDPOINT_URL
  if (configured) return configured
  const isFips = process.env.AWS_USE_FIPS_ENDPOINT?.toLowerCase() === 'true'
  const { dnsSuffix } = Partition.ofRegion(region)
  return `https://${Partition.hostPrefix('lambda', region, isFips)}.${region}.${dnsSuffix}`
}

/** Except for S3, SigV4 signs the path with each part encoded once more. */
function encodedTwice(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** The relayer refused, or could not be called. */
export class RelayerError extends BaseError {
  /** Name of the error in the function, such as `InsufficientFundsError`. */
  readonly errorType: string | undefined

  constructor(reason: string, errorType?: string) {
    super('relayer-failed', 'The call to the relayer failed.', {
      details: `${reason}\nThe signatures are kept. Fix the cause, then try again.`,
    })
    this.name = 'RelayerError'
    this.errorType = errorType
  }
}
