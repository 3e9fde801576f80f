import {
  createRpc as overEndpoints,
  type Rpc,
  type RpcOptions,
} from '@keyward/core/rpc'
import { isBusy } from './SendFailure.js'

/**
 * Core's JSON-RPC client for one chain, which also recognises refusals from
 * endpoints that are busy or broken.
 *
 * @throws RpcConfigurationError
 * @example
 * const rpc = createRpc({ urls: ['http://127.0.0.1:8545'], chainId: 31337 })
 * await rpc.request('eth_blockNumber')
 */
export function createRpc(options: Omit<RpcOptions, 'isBusy'>): Rpc {
  return overEndpoints({ ...options, isBusy })
}
