import { escapeInvisible } from '@keyward/core/errors'
import { toColumns } from '@keyward/toolkit'
import type { TokenKeyDescription } from '@keyward/toolkit/token'

/** Describes how a key can leave its token. */
export function leaving(key: TokenKeyDescription): string {
  if (!key.isExtractable)
    return key.wasNeverExtractable
      ? 'never: it was created without --extractable'
      : 'no longer'
  if (!key.isSensitive) return 'unencrypted: anyone with the PIN can read it'
  return key.isForTrustedOnly
    ? 'wrapped, with a key that the security officer trusts'
    : 'wrapped with any key: anyone with the PIN can copy it'
}

export function tokenKeyText(key: TokenKeyDescription): string {
  return toColumns([
    ['label', escapeInvisible(key.label)],
    ['id', key.id],
    ['name', key.keyRef],
    ['leaves', leaving(key)],
    ['made', key.isLocal ? 'by the token' : 'elsewhere'],
    ['address', key.address ?? 'the token has no public key for it'],
  ])
}
