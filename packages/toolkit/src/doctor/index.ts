export type { Check } from './Check.js'
export { checkBeforeDeploy } from './checkBeforeDeploy.js'
export { checkClock } from './checkClock.js'
export { checkProtection } from './checkProtection.js'
