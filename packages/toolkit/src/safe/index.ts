export { assertSameSafe, OtherSafeError } from './assertSameSafe.js'
export { assertSigned, SignaturesError } from './assertSigned.js'
export {
  assertCreatable,
  type Creation,
  planCreation,
  readCreated,
} from './creation.js'
export {
  type Executable,
  ExecutionFailureError,
  execute,
  prepareExecution,
  RelayerIsOwnerError,
} from './execute.js'
export {
  type ProposalState,
  readStatus,
  type SafeStatus,
} from './readStatus.js'
export { relay } from './relay.js'
export { assertNonceUnused, SafeNonceError } from './SafeNonceError.js'
