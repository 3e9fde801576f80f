import {
  NotAuthorizedError,
  type SigningKey,
  type SigningRequest,
} from '@keyward/core'
import { SafeMessage, SafeTransaction } from '@keyward/safe'

/**
 * An owner's key signs only transactions and messages of its Safe. For any
 * caller of the gate, it signs the hash of a SafeTx in that domain, or of a
 * SafeMessage that comes with its message.
 */
export function authorizeOfSafe(
  domain: SafeTransaction.SafeDomain | undefined,
): SigningKey.Authorize {
  return (request, context) => {
    if (domain !== undefined && isOf(domain, request, context)) return
    throw new NotAuthorizedError(
      domain === undefined
        ? 'This key has no Safe yet.'
        : `This key signs transactions and messages of the Safe ${domain.safe} on chain ${domain.chainId} only.`,
    )
  }
}

function isOf(
  domain: SafeTransaction.SafeDomain,
  request: SigningRequest,
  { digest, preimage }: SigningKey.AuthorizeContext,
): boolean {
  if (request.kind !== 'typedData') return false
  const { primaryType, message } = request.typedData
  if (primaryType === 'SafeTx')
    return SafeTransaction.hash(domain, message as never).safeTx === digest
  return (
    primaryType === 'SafeMessage' &&
    (preimage?.kind === 'message' || preimage?.kind === 'typedData') &&
    SafeMessage.hash(domain, preimage).safeMessage === digest
  )
}
