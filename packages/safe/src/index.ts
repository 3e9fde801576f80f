export type { Type, Value } from './abi/Type.js'
export { type Call, type Explained, type Meaning, walk } from './calls/Call.js'
export { explain } from './calls/explain.js'
export { encodeMultiSend } from './calls/multiSend.js'
export {
  cosign,
  DangerousTransactionError,
  NotAnOwnerError,
} from './cosign.js'
export * as NewSafe from './create/newSafe.js'
export * as Danger from './danger/Danger.js'
export { encodeExecution } from './execution.js'
export * as Outcome from './outcome.js'
export * as Proposal from './Proposal.js'
export { type Review, type ReviewOptions, review } from './review.js'
export * as SafeFile from './SafeFile.js'
export * as SafeMessage from './SafeMessage.js'
export * as SafeTransaction from './SafeTransaction.js'
export * as SignatureCheck from './signatures/check.js'
export * as SafeSignature from './signatures/SafeSignature.js'
export { latest as latestDeployment } from './state/deployments.js'
export * as Pins from './state/Pins.js'
export {
  NotASafeError,
  readState,
  type SafeState,
} from './state/readState.js'
