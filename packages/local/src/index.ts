export { HomeError, type HomeErrorCode } from './HomeError.js'
export { createLocalHome, type LocalHome } from './home/createLocalHome.js'
export { describeHome, type HomeDescription } from './home/describeHome.js'
export {
  type Environment,
  toEnvironment,
  writeProfiles,
} from './home/Environment.js'
export type { Faults } from './home/Faults.js'
export { findHomeFolder } from './home/findHomeFolder.js'
export type { HomeKey } from './home/listKeys.js'
export type { LoadedAssembly } from './home/openStacks.js'
export { type FoundHome, readLocalHome } from './home/readLocalHome.js'
export { resetLocalHome } from './home/resetLocalHome.js'
export type { AccessKey } from './iam/createCredentialStore.js'
export type { ServerStats } from './protocol/createServer.js'
export { StackError, type StackErrorCode } from './template/StackError.js'
