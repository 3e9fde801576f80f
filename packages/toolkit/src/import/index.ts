export { addressTag, drillTag, readTags } from '../aws/tags.js'
export { assertExpected } from './assertExpected.js'
export { assertKmsEndpoint } from './assertKmsEndpoint.js'
export type { Ceremony } from './Ceremony.js'
export { createImportKey } from './createImportKey.js'
export { createOnce } from './createOnce.js'
export { describe } from './describe.js'
export {
  findImportKey,
  type ImportKey,
  KeyNotImportableError,
} from './findImportKey.js'
export { findOwnKey } from './findOwnKey.js'
export {
  type ImportChoices,
  importInto,
  withBackup,
} from './importInto.js'
export { knownAddress } from './knownAddress.js'
export { nameKey } from './nameKey.js'
export type { Place } from './Place.js'
export { prepareKey } from './prepareKey.js'
export { type Drill, runDrill } from './runDrill.js'
export { finish, type Imported } from './runImport.js'
export { signChallenge } from './signChallenge.js'
export { toWrapping, type WrappingFlags } from './toWrapping.js'
export { wrapWith } from './wrapKeyMaterial.js'
