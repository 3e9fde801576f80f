export { HomeError, type HomeErrorCode } from './HomeError.js'
export {
  createLocalHome,
  type LocalHome,
  type LocalHomeOptions,
} from './home/createLocalHome.js'
export type { Stack } from './home/ensureStack.js'
export type { Faults } from './home/Faults.js'
export type { HomeKey } from './home/listKeys.js'
export { type RunningHome, readLocalHome } from './home/readLocalHome.js'
export { resetLocalHome } from './home/resetLocalHome.js'
export type { AccessKey } from './iam/createCredentialStore.js'
export type { ServerStats } from './protocol/createServer.js'
