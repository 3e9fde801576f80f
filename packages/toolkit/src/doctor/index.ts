export type { Check } from './Check.js'
export { examine } from './examine.js'
