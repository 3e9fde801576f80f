export {
  createPkcs11Service,
  type Pkcs11Service,
} from './createPkcs11Service.js'
export {
  Pkcs11ConfigurationError,
  Pkcs11Error,
  Pkcs11KeyError,
  Pkcs11PinError,
  Pkcs11ResponseError,
  Pkcs11TimeoutError,
} from './errors.js'
export type { Pkcs11Options } from './openSessions.js'
export type { TokenKeyInfo } from './token/listKeys.js'
export { openToken, type Token } from './token/openToken.js'
export { fingerprint } from './token/unwrapKey.js'
export type { WrappedKey } from './token/wrapKey.js'
