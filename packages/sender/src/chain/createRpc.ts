import {
  createRpc as overEndpoints,
  type Rpc,
  type RpcOptions,
} from '@keyward/core/rpc'
import { isBusy } from './SendFailure.js'

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
