export { adoptSafe } from './adoptSafe.js'
export { createSafe } from './createSafe.js'
export { execute } from './execute.js'
export {
  assertFree,
  type OpenedSafe,
  openSafe,
  readProposal,
  readSafeFile,
  rulesOf,
  type SafeOptions,
  writeJson,
} from './safeFiles.js'
