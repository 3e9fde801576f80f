export { type Moved, type MoveRequest, moveKey } from './moveKey.js'
export { addressOfToken, findByRef, withTokenKey } from './openTokenKey.js'
export * as TokenBackup from './TokenBackup.js'
