import * as Signature from '../Signature.js'
import type { LazySigningKey, SignOptions } from '../SigningKey.js'
import type { Authorization } from './getSignPayload.js'

/**
 * Signs an EIP-7702 authorisation, which gives the code at `address` full
 * control of the account. Exactly one `kms:Sign`.
 *
 * @throws InvalidTransactionError before anything is signed, and any error from
 * `key.sign`
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
