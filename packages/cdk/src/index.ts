export { createApp } from './createApp.js'
export { FunctionAlarms, type FunctionAlarmsProps } from './FunctionAlarms.js'
export {
  GuardReconciler,
  type GuardReconcilerProps,
} from './GuardReconciler.js'
export { KeyAlarms, type KeyAlarmsProps } from './KeyAlarms.js'
export { KeywardStack } from './KeywardStack.js'
export type { KeywardStackProps } from './KeywardStackProps.js'
export {
  ManagedBlockchainAccess,
  type ManagedBlockchainAccessProps,
} from './ManagedBlockchainAccess.js'
export { type Cosigner, MultisigStack } from './MultisigStack.js'
export type { MultisigStackProps, OwnerProps } from './MultisigStackProps.js'
export type { KeyPrincipal } from './principals.js'
export { Sender, type SenderProps } from './Sender.js'
export type { SendingProps } from './SendingProps.js'
export { SignerFunction, type SignerFunctionProps } from './SignerFunction.js'
export { SigningFunction } from './SigningFunction.js'
export type { SigningFunctionProps } from './SigningFunctionProps.js'
export { SigningKey, type SigningKeyProps } from './SigningKey.js'
