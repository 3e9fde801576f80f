import { AddressField, BaseError } from '@keyward/core'
import type { SafeDomain } from './SafeTransaction.js'

/** @throws OtherSafeError */
export function assertSameSafe(
  { domain: pinned }: { domain: SafeDomain },
  { domain }: { domain: SafeDomain },
): void {
  if (domain.safe !== pinned.safe || domain.chainId !== pinned.chainId)
    throw new OtherSafeError(domain, pinned)
}

/** The bundle and the safe file are for different Safes or chains. */
export class OtherSafeError extends BaseError {
  override readonly name = 'OtherSafeError'

  constructor(domain: SafeDomain, pinned: SafeDomain) {
    const describe = ({ safe, chainId }: SafeDomain) =>
      `${AddressField.toChecksum(safe)} on chain ${chainId}`
    super(
      'other-safe',
      `The bundle is for the Safe ${describe(domain)}, but the safe file is for ${describe(pinned)}.`,
      {
        details:
          "Nothing was signed. Pass the safe file of the bundle's Safe as --safe-file, or ask the person who sent the bundle for a bundle for your Safe.",
      },
    )
  }
}
