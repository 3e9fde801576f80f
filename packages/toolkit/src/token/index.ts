export { assertLasting } from './assertLasting.js'
export { type Moved, type MoveRequest, moveKey } from './moveKey.js'
export {
  addressOfToken,
  findByRef,
  proveTokenKey,
  withTokenKey,
} from './openTokenKey.js'
export * as TokenBackup from './TokenBackup.js'
