export type { RpcAuth } from '@keyward/core/rpc'
export {
  type EndpointCheck,
  type Rpc,
  RpcChainError,
  RpcConfigurationError,
  RpcHttpError,
  type RpcOptions,
  RpcRefusedError,
  RpcResponseError,
  RpcTimeoutError,
  RpcUnreachableError,
  type Runtime,
  systemRuntime,
} from '@keyward/core/rpc'
export { createRpc } from './chain/createRpc.js'
export * as RevertReason from './chain/RevertReason.js'
export {
  createReconciler,
  type Reconciler,
  type ReconcilerOptions,
} from './createReconciler.js'
export {
  createSender,
  type Sender,
  type SenderOptions,
} from './createSender.js'
export {
  IdempotencyConflictError,
  TransactionNotFoundError,
  TransactionStateError,
} from './errors.js'
export {
  verifyWebhook,
  WebhookConfigurationError,
  type WebhookOptions,
} from './events/createWebhook.js'
export { FeeCapError } from './fees/Fees.js'
export {
  createLedger,
  type LedgerOptions,
} from './ledger/dynamodb/createLedger.js'
export {
  LedgerConfigurationError,
  LedgerIncompleteError,
  LedgerItemError,
  LedgerResponseError,
  LedgerServiceError,
  LedgerTableError,
  LedgerTimeoutError,
  LedgerUnreachableError,
  LedgerVersionError,
} from './ledger/errors.js'
export type { Ledger } from './ledger/Ledger.js'
export { createMemoryLedger } from './ledger/memory/createLedger.js'
export type { Account, Status } from './ledger/TransactionRecord.js'
export { checkLedger } from './nonce/checkLedger.js'
export { defaultMaxForeign } from './nonce/createWatch.js'
export type {
  GetAnswer,
  ListAnswer,
  ListItem,
  SendAnswer,
} from './operations/Answer.js'
export type {
  CallOptions,
  ListRequest,
  Reference,
  SpeedUp,
} from './operations/Call.js'
export { AdoptionError, type AdoptRequest } from './reconcile/adopt.js'
export type { Notice, Report } from './reconcile/Report.js'
export type { Repair } from './reconcile/repair/RepairReport.js'
export * as SendRequest from './SendRequest.js'
export { CreationNotAllowedError } from './transaction/assertCreation.js'
export { PossibleRepeatError } from './transaction/assertNotRepeat.js'
export { RequestTooLargeError } from './transaction/assertSize.js'
export { defaultConfirmations } from './transaction/defaultConfirmations.js'
export { GasLimitError } from './transaction/GasLimit.js'
export {
  InsufficientFundsError,
  RequestExpiredError,
  WouldFailError,
} from './transaction/prepare.js'
export type { SendingGuard } from './transaction/SendingGuard.js'
export type {
  GetWire,
  ListWire,
  ReportWire,
  SendWire,
} from './wire/answers.js'
export { type BlockingWire, findBlocking } from './wire/findBlocking.js'
export * as Operation from './wire/Operation.js'
export { perform } from './wire/perform.js'
export * as ReconcilerOperation from './wire/ReconcilerOperation.js'
