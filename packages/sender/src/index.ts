export {
  createRpc,
  type EndpointCheck,
  type Rpc,
  type RpcOptions,
} from './rpc/createRpc.js'
export {
  RpcChainError,
  RpcConfigurationError,
  RpcHttpError,
  RpcRefusedError,
  RpcResponseError,
  RpcTimeoutError,
  RpcUnreachableError,
} from './rpc/errors.js'
export type { RpcAuth } from './rpc/RpcAuth.js'
