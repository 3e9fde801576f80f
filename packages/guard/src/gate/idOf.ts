import type { Hex, SigningRequest } from '@keyward/core'

/**
 * What counts once: of the transactions of one nonce only one is ever mined, so
 * they share an id; anything else is its digest.
 */
export function idOf(
  request: SigningRequest,
  { account, digest }: { account: Hex; digest: Hex },
): string {
  if (request.kind !== 'transaction') return digest
  const { chainId, nonce } = request.transaction
  return `${account.toLowerCase()}:${chainId}:${nonce}`
}
