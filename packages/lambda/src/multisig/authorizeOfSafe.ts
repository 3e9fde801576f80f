import {
  NotAuthorizedError,
  type SigningKey,
  type SigningRequest,
} from '@keyward/core'
import { SafeMessage, SafeTransaction } from '@keyward/safe'

/**
 * Restricts an owner's key to transactions and messages of its Safe. Whoever
 * calls the gate, the key signs only a SafeTx in that domain, or a SafeMessage
 * that comes with its message.
 */
export function authorizeOfSafe(
  domain: SafeTransaction.SafeDomain | undefined,
): SigningKey.Authorize {
  return (request, context) => {
    if (domain !== undefined && isOf(domain, request, context)) return
    throw new NotAuthorizedError(
      domain === undefined
        ? 'This key has no Safe yet. Deploy the stack with its safe file (keyward deploy --safe-file FILE).'
        : `This key signs only transactions and messages of the Safe ${domain.safe} on chain ${domain.chainId}.`,
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
