export { adoptTransaction } from './adoptTransaction.js'
export { callText } from './callText.js'
export {
  adoptFields,
  type FieldNames,
  fieldsOf,
  listFields,
  referenceOf,
  sendFields,
  speedUpFields,
} from './fieldsOf.js'
export type { Followed } from './follow.js'
export { isCanceling } from './isCanceling.js'
export {
  type Listed,
  type ListOptions,
  listTransactions,
} from './listTransactions.js'
export { moreCommand, nextStep, txCommand } from './nextStep.js'
export { parseSince } from './parseSince.js'
export { quoteData } from './quote.js'
export * as Repair from './Repair.js'
export type { Paid } from './readPaid.js'
export { assertCaller, type SenderOptions } from './readSender.js'
export { reconcileTransactions } from './reconcileTransactions.js'
export { repairLedger } from './repairLedger.js'
export { cancelTransaction, speedUpTransaction } from './replaceTransaction.js'
export type { SenderAccess } from './SenderAccess.js'
export type { SendOptions } from './SendOptions.js'
export {
  type Rehearsal,
  type Sent,
  sendTransaction,
} from './sendTransaction.js'
export { showTransaction, watchTransaction } from './showTransaction.js'
export { type Summary, summarize } from './summarize.js'
export { withSender } from './withSender.js'
