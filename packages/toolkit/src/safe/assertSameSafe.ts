import { AddressField } from '@keyward/core'
import { BaseError } from '@keyward/core/errors'
import type { Proposal, SafeTransaction } from '@keyward/safe'

/** @throws OtherSafeError */
export function assertSameSafe(
  { domain: pinned }: { domain: SafeTransaction.SafeDomain },
  { domain }: Proposal.Proposal,
): void {
  if (domain.safe !== pinned.safe || domain.chainId !== pinned.chainId)
    throw new OtherSafeError(domain, pinned)
}

/** The bundle is for another Safe, or another chain, than the safe file. */
export class OtherSafeError extends BaseError {
  override readonly name = 'OtherSafeError'

  constructor(
    domain: SafeTransaction.SafeDomain,
    pinned: SafeTransaction.SafeDomain,
  ) {
    const describe = ({ safe, chainId }: SafeTransaction.SafeDomain) =>
      `${AddressField.toChecksum(safe)} on chain ${chainId}`
    super(
      'other-safe',
      `The bundle is for the Safe ${describe(domain)}, and the safe file for ${describe(pinned)}.`,
      {
        details:
          'Nothing was signed. Name the safe file of that Safe with --safe-file, or ask the sender of the bundle.',
      },
    )
  }
}
