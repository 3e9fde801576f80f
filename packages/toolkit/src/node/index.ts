export {
  parseEther,
  parseEtherText,
  parseFee,
  parseField,
  parseWeiText,
} from './amounts.js'
export { askChainId } from './askChainId.js'
export { findToken, parseUnits } from './findToken.js'
export * as OnChain from './OnChain.js'
export { parseAddress } from './parseAddress.js'
export { readBalance } from './readBalance.js'
export { findNetwork, readNetwork } from './readNetwork.js'
export { assertUrls, rpcUrls } from './rpcUrls.js'
export type * as Token from './Token.js'
export { wellKnown } from './tokens.js'
