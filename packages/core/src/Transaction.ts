export { decode } from './transaction/decode.js'
export {
  getSignPayload,
  hash,
  InvalidTransactionError,
  maxLegacyChainId,
  serialize,
} from './transaction/serialize.js'
export { sign } from './transaction/sign.js'
export type { Unsigned } from './transaction/Unsigned.js'
