export type { Followed } from './follow.js'
export { follow } from './follow.js'
export { nextStep, txCommand } from './nextStep.js'
export * as Repair from './Repair.js'
export {
  assertCaller,
  readSender,
  type Sender,
  type SenderOptions,
} from './readSender.js'
export type { Fields, SenderAccess } from './SenderAccess.js'
export { type Summary, summarize } from './summarize.js'
export { withSender } from './withSender.js'
