export type { Check } from './Check.js'
export { checkBeforeDeploy } from './checkBeforeDeploy.js'
export { checkClock } from './checkClock.js'
export { examine } from './examine.js'
