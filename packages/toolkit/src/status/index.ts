export {
  type FundedAccount,
  type FundedAccounts,
  type ShownStack,
  showStack,
} from './showStack.js'
