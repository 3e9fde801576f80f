export type { GetAnswer, ListAnswer, SendAnswer } from './Answer.js'
export * as RevertReason from './chain/RevertReason.js'
export {
  createReconciler,
  type Reconciler,
  type ReconcilerOptions,
} from './createReconciler.js'
export {
  type CallOptions,
  createSender,
  type Sender,
  type SenderOptions,
} from './createSender.js'
export {
  CreationNotAllowedError,
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
  type Ledger,
  type LedgerOptions,
} from './ledger/createLedger.js'
export {
  LedgerConfigurationError,
  LedgerItemError,
  LedgerResponseError,
  LedgerServiceError,
  LedgerTableError,
  LedgerTimeoutError,
  LedgerUnreachableError,
} from './ledger/errors.js'
export type { Account, Status } from './ledger/TransactionRecord.js'
export type { Notice, Report } from './reconcile/Report.js'
export * as Operation from './request/Operation.js'
export * as SendRequest from './request/SendRequest.js'
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
export {
  InsufficientFundsError,
  RequestExpiredError,
  WouldFailError,
} from './transaction/prepare.js'
