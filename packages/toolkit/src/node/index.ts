export { askChainId } from './askChainId.js'
export * as OnChain from './OnChain.js'
export { readNetwork } from './readNetwork.js'
export { requireRpcUrls, rpcUrls } from './rpcUrls.js'
