import type { createExchange } from '../aws/createExchange.js'
import { createEndpoint, type Endpoint } from './createEndpoint.js'
import {
  RpcChainError,
  RpcConfigurationError,
  RpcRefusedError,
  RpcTimeoutError,
} from './errors.js'
import type { RpcAuth } from './RpcAuth.js'
import * as RpcUrl from './RpcUrl.js'
import { type Runtime, systemRuntime } from './Runtime.js'

export type RpcOptions = {
  /** In order of preference. */
  urls: readonly string[]
  /** The chain that every endpoint must serve. */
  chainId: number
  /** @default none */
  auth?: RpcAuth | undefined
  /** Timeout per attempt. @default 5000 */
  timeoutMs?: number | undefined
  /** @default 8 MiB, more than a full block */
  maxResponseBytes?: number | undefined
  /**
   * How to make a POST request. @default over connections that are kept open
   */
  createExchange?: typeof createExchange | undefined
  /**
   * Whether a refusal is due to the endpoint's current state, in which case
   * another endpoint may serve the call. @default never
   */
  isBusy?: ((refusal: RpcRefusedError) => boolean) | undefined
  /** @default this process's clock, timers and randomness */
  runtime?: Runtime | undefined
}

/** JSON-RPC to one chain. */
export type Rpc = {
  readonly chainId: number
  /**
   * @param options.deadline - When the caller stops waiting, in ms since 1970.
   * @param options.check - Throws an RpcResponseError for a useless result; the
   * next endpoint is then tried.
   * @throws RpcRefusedError if the node refused; if no endpoint served, the
   * last one's RpcUnreachableError, RpcTimeoutError, RpcResponseError,
   * RpcHttpError, RpcChainError
   */
  request(
    method: string,
    params?: readonly unknown[],
    options?: {
      deadline?: number | undefined
      check?: ((result: unknown) => unknown) | undefined
    },
  ): Promise<unknown>
  /** The providers of the endpoints; absent if they can't be determined. */
  providers?(options?: {
    deadline?: number | undefined
  }): Promise<readonly string[]>
  /**
   * Asks each endpoint once, in order, for its own answer.
   *
   * @param whom - Every endpoint, or one healthy endpoint per provider.
   * @returns undefined for those that did not answer
   */
  askEach?(
    whom: 'endpoints' | 'providers',
    method: string,
    params: readonly unknown[],
    options?: { deadline?: number | undefined },
  ): Promise<unknown[]>
  /** Checks every endpoint's chain id, for troubleshooting. */
  check(options?: { deadline?: number | undefined }): Promise<EndpointCheck[]>
}

export type EndpointCheck = {
  /** Scheme and host. */
  endpoint: string
  latencyMs: number
  /** Undefined if the endpoint serves the chain. */
  error: Error | undefined
}

const defaultMaxResponseBytes = 8 * 1024 * 1024
const defaultTimeoutMs = 5000
/** An endpoint that is silent for this long is not healthy. */
const patienceMs = 1000

/**
 * JSON-RPC over connections that are kept open. Endpoints are used in order of
 * preference; when one fails, it is not used for a while, and the next one
 * takes over. At the start and after each change or failure, an endpoint must
 * answer `eth_chainId` with the configured chain before it is used. URLs are
 * shown as scheme and host only.
 *
 * @throws RpcConfigurationError
 * @example
 * const rpc = createRpc({ urls: ['http://127.0.0.1:8545'], chainId: 31337 })
 * await rpc.request('eth_blockNumber')
 */
export function createRpc(options: RpcOptions): Rpc {
  const endpoints = open(options)
  const { timeoutMs = defaultTimeoutMs, runtime = systemRuntime } = options
  let active: Endpoint | undefined

  async function ask(
    endpoint: Endpoint,
    method: string,
    params: readonly unknown[],
    deadline: number,
  ) {
    if (endpoint !== active) {
      active?.doubt()
      active = endpoint
    }
    await endpoint.assertChain(deadline - runtime.now())
    return endpoint.call(method, params, deadline - runtime.now())
  }

  const byProvider = new Map<string, Endpoint[]>()
  for (const one of endpoints)
    byProvider.set(one.provider, [...(byProvider.get(one.provider) ?? []), one])

  return {
    chainId: options.chainId,
    providers: async () => [...byProvider.keys()],
    askEach(whom, method, params, { deadline = Infinity } = {}) {
      const now = runtime.now()
      const asked =
        whom === 'endpoints'
          ? endpoints
          : [...byProvider.values()].map((own) => choose(own, now))
      const leftMs = () => deadline - runtime.now()
      return Promise.all(
        asked.map(async (endpoint) => {
          try {
            await endpoint.assertChain(leftMs())
            return await endpoint.call(method, params, leftMs())
          } catch {
            return undefined
          }
        }),
      )
    },
    async request(method, params = [], { deadline = Infinity, check } = {}) {
      const fewTries = Math.max(3, endpoints.length)
      const tried = new Set<Endpoint>()
      let wrongChain: RpcChainError | undefined
      for (let tries = 1; ; tries++) {
        if (tried.size === endpoints.length) tried.clear()
        const start = runtime.now()
        const untried = endpoints.filter((one) => !tried.has(one))
        const endpoint = choose(untried, start)
        if (deadline <= start) throw new RpcTimeoutError(endpoint.label, 0)
        // If little time is left, reserve some of it for the other endpoints.
        const share = (deadline - start) / (endpoints.length - tried.size)
        try {
          const result = await ask(endpoint, method, params, start + share)
          check?.(result)
          endpoint.succeeded()
          return result
        } catch (error) {
          if (isFinal(error, options.isBusy)) {
            if (error instanceof RpcRefusedError) endpoint.succeeded()
            throw error
          }
          // If the caller ran out of time, that is not the endpoint's fault.
          const isFault =
            !(error instanceof RpcTimeoutError) ||
            runtime.now() - start >= Math.min(patienceMs, timeoutMs)
          if (isFault) endpoint.failed(error as Error)
          tried.add(endpoint)
          // Reporting a wrong setting is more useful than reporting a network
          // failure.
          if (error instanceof RpcChainError) wrongChain ??= error
          const othersLeft = tried.size < endpoints.length
          // Another endpoint is tried immediately; the same one only after a
          // short wait.
          const waitMs = othersLeft ? 0 : runtime.random() * 50 * 2 ** tries
          // A limit on calls per second clears quickly.
          const isLimit = error instanceof RpcRefusedError
          const maxTries = isLimit ? 2 * fewTries : fewTries
          if (tries >= maxTries || runtime.now() + waitMs >= deadline)
            throw wrongChain ?? error
          if (waitMs > 0) await runtime.sleep(waitMs)
        }
      }
    },
    check({ deadline = Infinity } = {}) {
      return Promise.all(
        endpoints.map(async (endpoint) => {
          const start = runtime.now()
          endpoint.doubt()
          const error = await endpoint
            .assertChain(deadline - runtime.now())
            .then(() => undefined)
            .catch((error: Error) => error)
          const latencyMs = runtime.now() - start
          return { endpoint: endpoint.label, latencyMs, error }
        }),
      )
    },
  }
}

/** The first healthy endpoint, or the one that may be used again first. */
function choose(endpoints: readonly Endpoint[], now: number): Endpoint {
  const well = endpoints.find(({ restsUntil }) => restsUntil <= now)
  if (well !== undefined) return well
  return endpoints.reduce((a, b) => (b.restsUntil < a.restsUntil ? b : a))
}

function isFinal(error: unknown, isBusy: RpcOptions['isBusy']): boolean {
  if (error instanceof RpcRefusedError) return isBusy?.(error) !== true
  return error instanceof RpcConfigurationError || !isOurs(error)
}

function isOurs(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    String(error.code).startsWith('rpc-')
  )
}

function open(options: RpcOptions): Endpoint[] {
  const { urls, chainId, auth = { type: 'none' } } = options
  if (urls.length === 0)
    throw new RpcConfigurationError(
      'there is no URL; set RPC_URL to one or more URLs',
    )
  if (!Number.isSafeInteger(chainId) || chainId < 1)
    throw new RpcConfigurationError(
      'the chain id must be an integer from 1 to 2^53-1',
    )
  const addresses = urls.map((text) =>
    RpcUrl.read(text, { secret: auth.type !== 'none' }),
  )
  const isManaged = ({ managedRegion }: RpcUrl.RpcUrl) =>
    managedRegion !== undefined
  // A fallback provider for Managed Blockchain doesn't need our credentials'
  // session token, and refuses a header that contains one.
  const isMixed = auth.type === 'sigv4' && addresses.some(isManaged)
  return addresses.map((address) =>
    createEndpoint(address, {
      auth: isMixed && !isManaged(address) ? { type: 'none' } : auth,
      chainId,
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
      maxResponseBytes: options.maxResponseBytes ?? defaultMaxResponseBytes,
      createExchange: options.createExchange,
      runtime: options.runtime ?? systemRuntime,
    }),
  )
}
