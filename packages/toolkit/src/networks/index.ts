export { currencyOf, explorerLink } from './explorerLink.js'
