export { assertSameSafe, OtherSafeError } from './assertSameSafe.js'
export {
  type Approval,
  approve,
  approveBundle,
  type CosignerOptions,
  look,
} from './coordination/approve.js'
export {
  approveMessage,
  lookAtMessage,
  type MessageApproval,
} from './coordination/approveMessage.js'
export type { CoordinatorOptions } from './coordination/CoordinatorOptions.js'
export {
  type Coordinator,
  createCoordinator,
} from './coordination/createCoordinator.js'
export type { Described } from './coordination/describe.js'
export {
  OwnProposalError,
  ProposalClosedError,
  ProposalNotFoundError,
  ProposalTooLargeError,
  ViewDiffersError,
} from './coordination/errors.js'
export type {
  NonceRange,
  ProposalEntry,
  ProposalRecord,
  ProposalStore,
  RecordedView,
  StoredSignature,
} from './coordination/ProposalRecord.js'
export type { Relayed, RelayedCall, Relayer } from './coordination/Relayer.js'
export { readClaim } from './coordination/readClaim.js'
export {
  cosign,
  cosignMessage,
  DangerousMessageError,
  DangerousTransactionError,
  NotAnOwnerError,
} from './cosign.js'
export * as NewSafe from './create/newSafe.js'
export * as Danger from './danger/Danger.js'
export { byPolicy, namedByPolicy } from './danger/namedByPolicy.js'
export {
  assertNoOwner,
  assertRelayable,
  NotRelayableError,
} from './execution/assertRelayable.js'
export { assertSigned, SignaturesError } from './execution/assertSigned.js'
export { encodeExecution } from './execution/encodeExecution.js'
export {
  assertExecuted,
  type Executable,
  ExecutionFailureError,
  findExecution,
  prepareExecution,
} from './execution/prepareExecution.js'
export { RelayerIsOwnerError } from './execution/RelayerIsOwnerError.js'
export {
  assertNonceUnused,
  SafeNonceError,
} from './execution/SafeNonceError.js'
export * as MessageFile from './message/MessageFile.js'
export { messageData, validity } from './message/messageData.js'
export { type Meaning, readMeaning } from './message/readMeaning.js'
export { type MessageReview, reviewMessage } from './message/reviewMessage.js'
export * as Outcome from './outcome.js'
export * as Proposal from './Proposal.js'
export * as ProposedCall from './ProposedCall.js'
export {
  type ProposalState,
  readStatus,
  type SafeStatus,
} from './readStatus.js'
export { type Review, type ReviewOptions, review } from './review.js'
export { reviewData } from './reviewData.js'
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
export { toJson } from './toJson.js'
