import { createExchange } from '../aws/createExchange.js'
import {
  RpcChainError,
  RpcResponseError,
  RpcTimeoutError,
  RpcUnreachableError,
} from './errors.js'
import * as RpcAuth from './RpcAuth.js'
import type { RpcUrl } from './RpcUrl.js'
import type { Runtime } from './Runtime.js'
import { readAnswer } from './readAnswer.js'
import { toProvider } from './toProvider.js'

/** One endpoint and its known health. */
export type Endpoint = {
  /** Scheme and host. */
  label: string
  /** The provider that runs it. */
  provider: string
  /**
   * When the endpoint may be used again, in ms since 1970; 0 while it is
   * healthy.
   */
  restsUntil: number
  call(
    method: string,
    params: readonly unknown[],
    leftMs: number,
  ): Promise<unknown>
  /**
   * Asks for the chain id if it is unknown or the endpoint has failed since the
   * last check.
   */
  assertChain(leftMs: number): Promise<void>
  /** Requires the chain to be checked again before the next use. */
  doubt(): void
  failed(error: Error): void
  succeeded(): void
}

/** A load balancer may route each call elsewhere without any failure. */
const checkAgainMs = 60_000
const longestRestMs = 30_000
/** A wrong chain doesn't fix itself in seconds. */
const wrongChainRestMs = 60_000

export function createEndpoint(
  address: RpcUrl,
  options: {
    auth: RpcAuth.RpcAuth
    chainId: number
    timeoutMs: number
    maxResponseBytes: number
    createExchange: typeof createExchange | undefined
    runtime: Runtime
  },
): Endpoint {
  const { label, secrets } = address
  const { chainId, timeoutMs, runtime } = options
  const exchange = (options.createExchange ?? createExchange)(address.url, {
    maxAnswerBytes: options.maxResponseBytes,
    unreachable: (_, cause) => new RpcUnreachableError(label, cause),
    timeout: (_, ms) => new RpcTimeoutError(label, ms),
  })
  const authenticate = RpcAuth.create(options.auth, address, runtime)
  let id = 0
  let failures = 0
  let checking: Promise<void> | undefined
  let knownUntil = Infinity

  const endpoint: Endpoint = {
    label,
    provider: toProvider(address.url),
    restsUntil: 0,
    async call(method, params, leftMs) {
      const own = ++id
      const body = JSON.stringify({ jsonrpc: '2.0', id: own, method, params })
      const headers = {
        ...(await authenticate(body)),
        // Without this header, the answer could be compressed in any way.
        'accept-encoding': 'identity',
      }
      const ms = Math.min(timeoutMs, Math.ceil(leftMs))
      if (ms <= 0) throw new RpcTimeoutError(label, 0)
      const answer = await exchange(headers, body, ms)
      return readAnswer({ label, secrets }, method, own, answer)
    },
    async assertChain(leftMs) {
      if (knownUntil <= runtime.now()) endpoint.doubt()
      checking ??= askChain(endpoint, chainId, leftMs).then(
        () => {
          knownUntil = runtime.now() + checkAgainMs
        },
        (error) => {
          endpoint.doubt()
          throw error
        },
      )
      await checking
    },
    doubt() {
      checking = undefined
      knownUntil = Infinity
    },
    failed(error) {
      // If several calls fail at once, only the first one counts.
      if (endpoint.restsUntil <= runtime.now()) failures++
      endpoint.doubt()
      const restMs =
        error instanceof RpcChainError
          ? wrongChainRestMs
          : Math.min(longestRestMs, 250 * 2 ** failures)
      endpoint.restsUntil = runtime.now() + restMs
    },
    succeeded() {
      failures = 0
      endpoint.restsUntil = 0
    },
  }
  return endpoint
}

async function askChain(endpoint: Endpoint, expected: number, leftMs: number) {
  const method = 'eth_chainId'
  const answer = await endpoint.call(method, [], leftMs)
  if (typeof answer !== 'string' || !/^0x[0-9a-fA-F]{1,14}$/.test(answer))
    throw new RpcResponseError(endpoint.label, method, 'it is not a chain id')
  if (BigInt(answer) !== BigInt(expected))
    throw new RpcChainError(endpoint.label, expected, Number(answer))
}
