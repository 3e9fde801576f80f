export { currencyOf, explorerLink } from './explorerLink.js'
export { isLocalChain } from './isLocalChain.js'
