export {
  type Chain,
  type ChainAnswer,
  checkFunds,
  neverChecked,
  parseAlsoNetwork,
  parseTokens,
} from './checkFunds.js'
export { connectBreakGlass } from './connectBreakGlass.js'
export {
  BalanceUncheckedError,
  FundsRemainError,
  StackProtectedError,
  withFunds,
} from './DestroyError.js'
export { fatesOf, findRemains, type Remains } from './findRemains.js'
export * as Plan from './Plan.js'
export { removeLogGroup, removeStack } from './removeStack.js'
export { retireKey, whoRetires } from './retireKey.js'
