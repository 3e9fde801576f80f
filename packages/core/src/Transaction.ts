export { maxLegacyChainId } from './transaction/assertTransaction.js'
export { decode, decodeUnsigned } from './transaction/decode.js'
export { InvalidTransactionError } from './transaction/InvalidTransactionError.js'
export type {
  BlobProofs,
  CellProofs,
  Sidecars,
} from './transaction/Sidecars.js'
export { getSignPayload, hash, serialize } from './transaction/serialize.js'
export { sign } from './transaction/sign.js'
export type { Unsigned } from './transaction/Unsigned.js'
