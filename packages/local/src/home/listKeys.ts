import type { Kms } from '../kms/createKms.js'
import { toAddress } from './toAddress.js'

export type HomeKey = {
  keyId: string
  arn: string
  /** With its prefix `alias/`. */
  alias?: string
  /** EIP-55; absent while the key has no material. */
  address?: string
}

/** All keys, that of the stack, found by its alias, first. */
export function listKeys(kms: Kms, stackAlias = ''): HomeKey[] {
  const keys = kms.keys().map((key): HomeKey => {
    const alias = key.aliases.includes(stackAlias) ? stackAlias : key.aliases[0]
    return {
      keyId: key.keyId,
      arn: key.arn,
      ...(alias === undefined ? {} : { alias }),
      ...(key.publicKey ? { address: toAddress(key.publicKey) } : {}),
    }
  })
  const isOfStack = (key: HomeKey) => key.alias === stackAlias
  return [...keys.filter(isOfStack), ...keys.filter((key) => !isOfStack(key))]
}
