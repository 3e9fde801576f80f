import { escapeInvisible } from '@keyward/core/errors'
import type { TokenKeyInfo } from '@keyward/core/pkcs11'
import { toColumns } from '@keyward/toolkit'
import { addressOfToken } from '@keyward/toolkit/token'

export type TokenKeyDescription = Omit<TokenKeyInfo, 'spki'> & {
  /** EIP-55; null where no public key stands beside it. */
  address: string | null
}

export function toDescription(key: TokenKeyInfo): TokenKeyDescription {
  const { spki: _, ...rest } = key
  return { ...rest, address: addressOfToken(key) }
}

/** How a key may leave its token, in words. */
export function leaving(key: TokenKeyDescription): string {
  if (!key.isExtractable)
    return key.wasNeverExtractable ? 'never, as it was made' : 'no more'
  if (!key.isSensitive) return 'in the clear: whoever has the PIN can read it'
  return key.isForTrustedOnly
    ? 'wrapped, by a key that the security officer trusts'
    : 'wrapped by any key: whoever has the PIN can copy it'
}

export function tokenKeyText(key: TokenKeyDescription): string {
  return toColumns([
    ['label', escapeInvisible(key.label)],
    ['id', key.id],
    ['name', key.keyRef],
    ['leaves', leaving(key)],
    ['made', key.isLocal ? 'by the token' : 'elsewhere'],
    ['address', key.address ?? 'no public key stands beside it'],
  ])
}
