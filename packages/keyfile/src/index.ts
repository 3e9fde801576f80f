export { allocate, copyOf } from './allocate.js'
export { type Format, formats } from './formats/Format.js'
export { parsePath } from './mnemonic/Path.js'
export { fromScalar, type PrivateKey, toPkcs8 } from './PrivateKey.js'
export type { Prompt } from './Prompt.js'
export { type PublicKeyFile, parsePublicKey } from './parsePublicKey.js'
export {
  openKeyFile,
  type PrivateKeySource,
  type ReadPrivateKey,
  readPrivateKey,
} from './readPrivateKey.js'
export { PasswordError } from './secret/PasswordError.js'
export { readFromDescriptor } from './secret/readFromDescriptor.js'
export { readNewPassword } from './secret/readNewPassword.js'
export { ShredError, shred } from './shred.js'
export { wipe } from './wipe.js'
export { assertReadsBack } from './write/assertReadsBack.js'
export { encodeKey } from './write/encodeKey.js'
export { assertCreatable, writeKeyFile } from './write/writeKeyFile.js'
