export type { Check } from './Check.js'
export { examineStack } from './examine.js'
export { examineAccount } from './examineAccount.js'
