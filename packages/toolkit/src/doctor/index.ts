export type { Check } from './Check.js'
export { checkProtection } from './checkProtection.js'
