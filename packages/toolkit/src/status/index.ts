export type { FundedAccount, FundedAccounts } from './readFunds.js'
export { type ShownStack, showStack } from './showStack.js'
export { shownText } from './statusText.js'
