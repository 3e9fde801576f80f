import type { Address } from 'ox/Address'
import * as OxAuthorization from 'ox/Authorization'
import * as Hex from 'ox/Hex'
import * as PublicKey from './PublicKey.js'
import { loadEngine, recoverPublicKey } from './recoverPublicKey.js'
import * as Signature from './Signature.js'
import type { LazySigningKey } from './SigningKey.js'
import { assertAuthorization } from './transaction/assertTransaction.js'

/** An EIP-7702 authorisation: the account will run the code of `address`. */
export type Authorization = {
  address: Address
  /** 0 is every chain, for good: say so to whoever signs. */
  chainId: number
  /** Nonce of the account that signs. */
  nonce: bigint
}

/**
 * Signs an EIP-7702 authorisation. It hands the whole account to the code at
 * `address`. Exactly one `kms:Sign`.
 *
 * @throws InvalidTransactionError before anything is signed, and what
 * `signDigest` throws
 */
export async function sign(
  key: LazySigningKey,
  authorization: Authorization,
): Promise<Authorization & ReturnType<typeof Signature.toRpc>> {
  const { address, chainId, nonce } = authorization
  const digest = Hex.toBytes(getSignPayload(authorization))
  const signature = Signature.toRpc(await key.signDigest(digest))
  return { address, chainId, nonce, ...signature }
}

/**
 * The account that signed an authorisation, or undefined where the signature
 * belongs to no key.
 */
export async function recover(
  authorization: Authorization & { r: Hex.Hex; s: Hex.Hex; yParity: number },
): Promise<Address | undefined> {
  const { yParity } = authorization
  const digest = Hex.toBytes(getSignPayload(authorization))
  if (yParity !== 0 && yParity !== 1) return undefined
  const r = Hex.toBigInt(authorization.r)
  const s = Hex.toBigInt(authorization.s)
  // EIP-7702 wants s in the lower half, as EIP-2 does.
  if (s > Signature.order >> 1n) return undefined
  const signature = { r, s, yParity } as const
  const publicKey = recoverPublicKey(await loadEngine(), digest, signature)
  return publicKey && PublicKey.toAddress(publicKey)
}

/** The 32 bytes that are signed, as hex: keccak256(0x05, rlp([...])). */
export function getSignPayload(authorization: Authorization): Hex.Hex {
  const { address, chainId, nonce } = authorization
  assertAuthorization(authorization)
  return OxAuthorization.getSignPayload({ address, chainId, nonce })
}
