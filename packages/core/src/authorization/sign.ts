import * as Signature from '../Signature.js'
import type { LazySigningKey, SignOptions } from '../SigningKey.js'
import type { Authorization } from './getSignPayload.js'

/**
 * Signs an EIP-7702 authorisation. It hands the whole account to the code at
 * `address`. Exactly one `kms:Sign`.
 *
 * @throws InvalidTransactionError before anything is signed, and what
 * `key.sign` throws
 */
export async function sign(
  key: LazySigningKey,
  { address, chainId, nonce }: Authorization,
  options?: SignOptions,
): Promise<Authorization & ReturnType<typeof Signature.toRpc>> {
  const authorization = { address, chainId, nonce }
  const signed = await key.sign(
    { kind: 'authorization', authorization },
    options,
  )
  return { ...authorization, ...Signature.toRpc(signed) }
}
