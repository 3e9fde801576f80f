import type { Hex, SigningKey, SigningRequest } from '@keyward/core'

/**
 * An id under which a request counts only once. Only one transaction per nonce
 * is ever mined, so all transactions with the nonce share an id. For any other
 * request, the id is the account and the digest, because each key's signature
 * has its own effect.
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
  // All owners of a Safe sign the same content, also if it is wrapped in a
  // message.
  const isShared =
    preimage !== undefined ||
    (request.kind === 'typedData' &&
      /^Safe(Tx|Message)$/.test(request.typedData.primaryType))
  return isShared ? digest : `${own}:${digest}`
}
