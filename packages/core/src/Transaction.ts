export {
  InvalidTransactionError,
  maxLegacyChainId,
} from './transaction/assertTransaction.js'
export { decode } from './transaction/decode.js'
export { getSignPayload, hash, serialize } from './transaction/serialize.js'
export { sign } from './transaction/sign.js'
export type { Unsigned } from './transaction/Unsigned.js'
