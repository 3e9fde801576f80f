import type { Hex, SigningKey, SigningRequest } from '@keyward/core'

/**
 * An id under which something counts only once. Only one transaction per nonce
 * is ever mined, so all of them share an id. For anything else the id is the
 * account and the digest, because each key's signature has its own effect.
 */
export function idOf(
  request: SigningRequest,
  {
    account,
    digest,
    preimage,
  }: Pick<SigningKey.AuthorizeContext, 'digest' | 'preimage'> & {
    account: Hex
  },
): string {
  const own = account.toLowerCase()
  if (request.kind === 'transaction') {
    const { chainId, nonce } = request.transaction
    return `${own}:${chainId}:${nonce}`
  }
  // Owners of a Safe sign the same, also as the message that they wrap.
  const isShared =
    preimage !== undefined ||
    (request.kind === 'typedData' &&
      /^Safe(Tx|Message)$/.test(request.typedData.primaryType))
  return isShared ? digest : `${own}:${digest}`
}
