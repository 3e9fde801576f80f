import {
  createRpc as overEndpoints,
  type Rpc,
  type RpcOptions,
  type RpcRefusedError,
} from '@keyward/core/rpc'
import { classify } from './SendFailure.js'
import { limitCodes } from './sendFailures.js'

/**
 * JSON-RPC to one chain, as core's, with the refusals known by which an
 * endpoint says that it is busy or out of order.
 *
 * @throws RpcConfigurationError
 * @example
 * const rpc = createRpc({ urls: ['http://127.0.0.1:8545'], chainId: 31337 })
 * await rpc.request('eth_blockNumber')
 */
export function createRpc(options: Omit<RpcOptions, 'isBusy'>): Rpc {
  return overEndpoints({ ...options, isBusy })
}

/** Said of the endpoint at the moment; another one may serve. */
function isBusy(error: RpcRefusedError): boolean {
  const failure = classify(error)
  // With a code of a limit, a full pool is the endpoint's own as well.
  if (failure === 'pool-full') return limitCodes.includes(error.rpcCode)
  return failure === 'rate-limited' || failure === 'service'
}
