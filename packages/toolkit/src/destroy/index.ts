export * as Aftermath from './Aftermath.js'
export {
  type ChainAnswer,
  neverChecked,
  parseAlsoNetwork,
} from './checkFunds.js'
export type { DestroyRequest } from './DestroyRequest.js'
export { type Destroyed, destroyStack } from './destroyStack.js'
export * as Plan from './Plan.js'
export { planText } from './planText.js'
export { whoRetires } from './retireKey.js'
