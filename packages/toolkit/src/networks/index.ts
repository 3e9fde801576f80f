export { currencyOf } from './explorerLink.js'
