export { type CloudFormation, connectCloudFormation } from './CloudFormation.js'
export * as Frozen from './Frozen.js'
export {
  type Account,
  type FunctionPart,
  findParts,
  inStack,
  type Parts,
} from './findParts.js'
export { freeze } from './freeze.js'
export { type AddressAnswer, readAddress } from './readAddress.js'
export type { FunctionState } from './readFunction.js'
export { type KeyState, readKeyState } from './readKeyState.js'
export type { SafeAnswer } from './readSafe.js'
export { callersOf, readStack, readTemplate, type Stack } from './readStack.js'
export { keyStateOf, readStatus, type StackStatus } from './readStatus.js'
export * as StackName from './StackName.js'
export * as Step from './Step.js'
export {
  environments,
  isForLocalChain,
  isRetained,
  pinOf,
  settingsOf,
  type Template,
} from './Template.js'
export { type UnfreezeOptions, unfreeze } from './unfreeze.js'
export { unfreezeGuard } from './unfreezeGuard.js'
export { untilKeyState } from './untilKeyState.js'
export { withStack } from './withStack.js'
