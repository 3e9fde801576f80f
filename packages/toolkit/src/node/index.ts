export { askChainId } from './askChainId.js'
export * as OnChain from './OnChain.js'
export { findNetwork, readNetwork } from './readNetwork.js'
export { parseRpcUrl, requireRpcUrls, rpcUrls } from './rpcUrls.js'
