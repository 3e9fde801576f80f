export { adoptSafe } from './adoptSafe.js'
export { type Approved, approve } from './approve.js'
export { type About, approveInStack } from './approveInStack.js'
export {
  approveMessageInStack,
  type MessageSigned,
} from './approveMessageInStack.js'
export {
  executeInStack,
  isOnItsWay,
  proposeToStack,
  rejectInStack,
} from './askCoordinator.js'
export { createSafe } from './createSafe.js'
export { type ExecuteOptions, executeProposal } from './executeProposal.js'
export { exportProposal } from './exportProposal.js'
export { importProposals } from './importProposals.js'
export { proposalText } from './proposalText.js'
export { type Proposed, propose, reject } from './propose.js'
export {
  exportFromStack,
  importToStack,
  type MultisigStatus,
  readMultisig,
} from './readMultisig.js'
export { dangersText, reviewText, shownText } from './reviewText.js'
export * as Shown from './Shown.js'
export { safeText } from './safeText.js'
export { type ShownSafe, showSafe } from './showSafe.js'
export type { Answer } from './withMultisig.js'
