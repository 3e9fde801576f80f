export { adoptSafe } from './adoptSafe.js'
export { type ApproveOptions, approve } from './approve.js'
export { createSafe } from './createSafe.js'
export { type ExecuteOptions, executeProposal } from './executeProposal.js'
export { type ExportOptions, exportProposal } from './exportProposal.js'
export { type ImportOptions, importProposals } from './importProposals.js'
export {
  assertFree,
  type OpenedSafe,
  openSafe,
  readProposal,
  rulesOf,
  type SafeOptions,
  writeJson,
} from './safeFiles.js'
export {
  type Answer,
  type MultisigAccess,
  type MultisigOptions,
  withMultisig,
} from './withMultisig.js'
