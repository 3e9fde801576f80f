import type { Kms, KmsKey } from '../kms/createKms.js'
import { toAddress } from './toAddress.js'

export type HomeKey = {
  keyId: string
  arn: string
  /** Alias name with its prefix `alias/`. */
  alias?: string
  /** The EIP-55 address; absent while the key has no material. */
  address?: string
  /** KMS's term: only an `Enabled` key signs. */
  state: KmsKey['state']
}

/**
 * Lists all keys. The stack's key, which is found by its alias, comes first.
 */
export function listKeys(kms: Kms, stackAlias = ''): HomeKey[] {
  const keys = kms.keys().map((key): HomeKey => {
    const alias = key.aliases.includes(stackAlias) ? stackAlias : key.aliases[0]
    return {
      keyId: key.keyId,
      arn: key.arn,
      ...(alias === undefined ? {} : { alias }),
      ...(key.publicKey ? { address: toAddress(key.publicKey) } : {}),
      state: key.state,
    }
  })
  const isOfStack = (key: HomeKey) => key.alias === stackAlias
  return [...keys.filter(isOfStack), ...keys.filter((key) => !isOfStack(key))]
}
