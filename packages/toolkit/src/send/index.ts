export type { Followed } from './follow.js'
export { follow } from './follow.js'
export { nextStep, txCommand } from './nextStep.js'
export { type Quote, quote } from './quote.js'
export * as Repair from './Repair.js'
export { lookUp, lookUpAll, type Paid, readPaid } from './readPaid.js'
export {
  assertCaller,
  readSender,
  type Sender,
  type SenderOptions,
} from './readSender.js'
export type { Fields, SenderAccess } from './SenderAccess.js'
export { type Summary, summarize } from './summarize.js'
export { withSender } from './withSender.js'
