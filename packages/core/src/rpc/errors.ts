import { BaseError } from '../errors/BaseError.js'

/** The node understood the call but refused it. */
export class RpcRefusedError extends BaseError {
  readonly method: string
  /** JSON-RPC's code, for example -32000. */
  readonly rpcCode: number
  /** The node's text on one line, cut and without long tokens. */
  readonly reason: string
  /** The data that a reverted call returned. */
  readonly data: `0x${string}` | undefined
  /**
   * Whether the code is the revert code of geth, or of Parity and its
   * successors.
   */
  readonly hasRevertCode: boolean

  constructor(
    endpoint: string,
    method: string,
    answer: {
      code: number
      message: string
      data: `0x${string}` | undefined
    },
  ) {
    super(
      'rpc-refused',
      `${endpoint} answered ${method} with an error: ${answer.message}`,
      {
        details: [`JSON-RPC code: ${answer.code}`, adviceOn(method, answer)]
          .filter(Boolean)
          .join('\n'),
      },
    )
    this.name = 'RpcRefusedError'
    this.method = method
    this.rpcCode = answer.code
    this.reason = answer.message
    this.data = answer.data
    this.hasRevertCode = [3, -32015].includes(answer.code)
  }
}

function adviceOn(
  method: string,
  { code, message }: { code: number; message: string },
): string | undefined {
  // Nodes also refuse what they, or another endpoint, have accepted before.
  if (method === 'eth_sendRawTransaction')
    return 'The transaction might have been accepted anyway. Check its status before you try again.'
  if (/missing trie node|state .*not available|pruned/i.test(message))
    return 'The node no longer has the state of that block. Use another node, such as an archive node.'
  return code === -32603
    ? 'The node failed. Try again, or use another node.'
    : undefined
}

/** No endpoint could be reached. */
export class RpcUnreachableError extends BaseError {
  constructor(endpoint: string, cause: Error) {
    super('rpc-unreachable', `The RPC endpoint ${endpoint} can't be reached.`, {
      details: `The connection failed (${(cause as NodeJS.ErrnoException).code ?? cause.name}). Check the URL and the network (a function in a VPC needs NAT to reach a provider), or add a second endpoint to RPC_URL.`,
      cause,
    })
    this.name = 'RpcUnreachableError'
  }
}

/** No answer arrived in time. */
export class RpcTimeoutError extends BaseError {
  constructor(endpoint: string, timeoutMs: number) {
    super(
      'rpc-timeout',
      timeoutMs === 0
        ? `The time limit was reached before the RPC endpoint ${endpoint} could be called.`
        : `The RPC endpoint ${endpoint} did not answer within ${timeoutMs} ms.`,
      { details: 'You can repeat the call.' },
    )
    this.name = 'RpcTimeoutError'
  }
}

/** The answer is not JSON-RPC, or doesn't match the request. */
export class RpcResponseError extends BaseError {
  constructor(
    endpoint: string,
    method: string,
    reason: string,
    details = 'Check that the URL belongs to a JSON-RPC endpoint.',
  ) {
    super(
      'rpc-response',
      `The response from ${endpoint} to ${method} is not valid: ${reason}.`,
      { details },
    )
    this.name = 'RpcResponseError'
  }
}

/**
 * The endpoint denied access or is overloaded: it answered with an HTTP status.
 */
export class RpcHttpError extends BaseError {
  readonly status: number

  constructor(endpoint: string, method: string, status: number) {
    super('rpc-http', `${endpoint} answered ${method} with HTTP ${status}.`, {
      details:
        status === 401 || status === 403
          ? "The endpoint does not accept these credentials. Check the API key in RPC_URL, the RPC_AUTH setting, and the function's role."
          : status === 429
            ? "You have reached the provider's limit. Slow down, upgrade your plan, or add a second endpoint to RPC_URL."
            : 'Check the URL. If the provider has a problem, try again later.',
    })
    this.name = 'RpcHttpError'
    this.status = status
  }
}

/** The endpoint serves a chain other than the configured one. */
export class RpcChainError extends BaseError {
  constructor(endpoint: string, expected: number, actual: number) {
    super(
      'rpc-chain',
      `${endpoint} serves chain ${actual}, not chain ${expected}.`,
      {
        details:
          'Nothing was sent to it. Correct RPC_URL or ETH_NETWORK: both must be for the same chain.',
      },
    )
    this.name = 'RpcChainError'
  }
}

/** These settings can't be used to build a client. */
export class RpcConfigurationError extends BaseError {
  constructor(reason: string) {
    super('rpc-configuration', `The RPC client is misconfigured: ${reason}.`)
    this.name = 'RpcConfigurationError'
  }
}
