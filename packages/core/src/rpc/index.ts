export {
  createRpc,
  type EndpointCheck,
  type Rpc,
  type RpcOptions,
} from './createRpc.js'
export {
  RpcChainError,
  RpcConfigurationError,
  RpcHttpError,
  RpcRefusedError,
  RpcResponseError,
  RpcTimeoutError,
  RpcUnreachableError,
} from './errors.js'
export { mapLimited } from './mapLimited.js'
export type { RpcAuth } from './RpcAuth.js'
export * as RpcUrl from './RpcUrl.js'
export * as RpcValue from './RpcValue.js'
export { type Runtime, systemRuntime, toKeyOptions } from './Runtime.js'
