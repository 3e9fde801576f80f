import { escapeInvisible } from '@keyward/core/errors'
import { toColumns } from '@keyward/toolkit'
import type { TokenKeyDescription } from '@keyward/toolkit/token'

/** Describes how a key can leave its token. */
export function leaving(key: TokenKeyDescription): string {
  if (!key.isExtractable)
    return key.wasNeverExtractable
      ? 'never (the key was created without --extractable)'
      : 'no longer possible'
  if (!key.isSensitive)
    return 'unencrypted (anyone with the PIN can read the key)'
  return key.isForTrustedOnly
    ? 'wrapped, with a key that the security officer trusts'
    : 'wrapped with any key (anyone with the PIN can copy the key)'
}

export function tokenKeyText(key: TokenKeyDescription): string {
  return toColumns([
    ['label', escapeInvisible(key.label)],
    ['id', key.id],
    ['name', key.keyRef],
    ['export', leaving(key)],
    ['made', key.isLocal ? 'by the token' : 'outside the token'],
    [
      'address',
      key.address ?? 'unknown: the token has no public key for this key',
    ],
  ])
}
