export { createApp } from './createApp.js'
export { KeyAlarms, type KeyAlarmsProps } from './KeyAlarms.js'
export { KeywardStack, type KeywardStackProps } from './KeywardStack.js'
export {
  ManagedBlockchainAccess,
  type ManagedBlockchainAccessProps,
} from './ManagedBlockchainAccess.js'
export type { KeyPrincipal } from './principals.js'
export { SignerFunction, type SignerFunctionProps } from './SignerFunction.js'
export { SigningKey, type SigningKeyProps } from './SigningKey.js'
