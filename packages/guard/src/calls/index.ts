export * as Contracts from '../abi/contractFunctions.js'
export { decode, decodeCall } from '../abi/decode.js'
export { encode, encodeCall, toWord } from '../abi/encode.js'
export { readCall, type TypedCall } from '../abi/readCall.js'
export type { Signature } from '../abi/Signature.js'
export * as SafeFunctions from '../abi/safeFunctions.js'
export type { Field, Type, Value } from '../abi/Type.js'
export { type MessageFacts, readMessage } from '../message/readMessage.js'
export {
  readTypedData,
  type TypedDataRead,
} from '../typedData/readTypedData.js'
export { approvalsOf, isUnlimited } from './approvals.js'
export {
  argument,
  type Call,
  type Explained,
  type Meaning,
  walk,
} from './Call.js'
export { callOnlyBatches } from './callOnlyBatches.js'
export { type Change, changeOf } from './changeOf.js'
export { explain } from './explain.js'
export { handedOf } from './handedOf.js'
export { encodeMultiSend, readMultiSend } from './multiSend.js'
export { permit2 } from './permit2.js'
export { refundsOf } from './refundsOf.js'
