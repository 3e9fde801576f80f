import type { Principal } from '@keyward/iam/policy'
import type { Authorize } from '../iam/Authorize.js'
import type { ImportSets } from './import/createImportSets.js'
import type { AliasStore } from './state/createAliasStore.js'
import type { KeyStore } from './state/createKeyStore.js'
import type { Lock } from './state/createLocks.js'

/** The context of the operations. */
export type KmsContext = {
  accountId: string
  region: string
  authorize: Authorize
  /** Milliseconds since the epoch. */
  now: () => number
  keys: KeyStore
  aliases: AliasStore
  imports: ImportSets
  lock: Lock
}

/** One request in progress: its caller and its operation. */
export type Call = {
  kms: KmsContext
  operation: string
  principal: Principal
}
