export { createTokenKey } from './createTokenKey.js'
export {
  listTokenKeys,
  readTokenAddress,
  showTokenKey,
  type TokenKeyDescription,
} from './describeTokenKey.js'
export { destroyTokenKey } from './destroyTokenKey.js'
export { exportTokenKey } from './exportTokenKey.js'
export { makeRecipient } from './makeRecipient.js'
export { moveTokenKey } from './moveKey.js'
export { withTokenKey } from './openTokenKey.js'
export { readPin } from './readPin.js'
export { readToken, type TokenRequest } from './readToken.js'
export { restoreTokenKey } from './restoreTokenKey.js'
export type { OpenToken, TokenHandle } from './TokenHandle.js'
