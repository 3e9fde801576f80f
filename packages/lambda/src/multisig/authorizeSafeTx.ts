import { SigningKey } from '@keyward/core'
import { SafeTransaction } from '@keyward/safe'

/**
 * An owner's key signs transactions of its Safe, and nothing else: whatever
 * asks the gate, what is signed is the hash of a SafeTx of that domain.
 */
export function authorizeSafeTx(
  domain: SafeTransaction.SafeDomain | undefined,
): SigningKey.Authorize {
  return (request, { digest }) => {
    if (
      domain !== undefined &&
      request.kind === 'typedData' &&
      request.typedData.primaryType === 'SafeTx' &&
      SafeTransaction.hash(domain, request.typedData.message as never)
        .safeTx === digest
    )
      return
    throw new SigningKey.NotAuthorizedError(
      domain === undefined
        ? 'This key has no Safe yet.'
        : `This key signs transactions of the Safe ${domain.safe} on chain ${domain.chainId} only.`,
    )
  }
}
