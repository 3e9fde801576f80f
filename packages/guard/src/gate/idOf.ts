import type { Hex, SigningRequest } from '@keyward/core'

/**
 * An id under which something counts only once. Only one transaction per nonce
 * is ever mined, so all of them share an id; for anything else the id is its
 * digest.
 */
export function idOf(
  request: SigningRequest,
  { account, digest }: { account: Hex; digest: Hex },
): string {
  if (request.kind !== 'transaction') return digest
  const { chainId, nonce } = request.transaction
  return `${account.toLowerCase()}:${chainId}:${nonce}`
}
