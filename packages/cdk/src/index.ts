export { createApp } from './createApp.js'
export { FunctionAlarms, type FunctionAlarmsProps } from './FunctionAlarms.js'
export { KeyAlarms, type KeyAlarmsProps } from './KeyAlarms.js'
export { KeywardStack, type KeywardStackProps } from './KeywardStack.js'
export {
  ManagedBlockchainAccess,
  type ManagedBlockchainAccessProps,
} from './ManagedBlockchainAccess.js'
export type { KeyPrincipal } from './principals.js'
export { Sender, type SenderProps, type SendingProps } from './Sender.js'
export { SignerFunction, type SignerFunctionProps } from './SignerFunction.js'
export {
  SigningFunction,
  type SigningFunctionProps,
} from './SigningFunction.js'
export { SigningKey, type SigningKeyProps } from './SigningKey.js'
