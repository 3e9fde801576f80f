import type { Address } from 'ox/Address'
import * as Hex from 'ox/Hex'
import * as PublicKey from '../PublicKey.js'
import { loadEngine, recoverPublicKey } from '../recoverPublicKey.js'
import * as Signature from '../Signature.js'
import { type Authorization, getSignPayload } from './getSignPayload.js'

/**
 * The account that signed an authorisation, or undefined if the signature
 * doesn't recover to any key.
 */
export async function recover(
  authorization: Authorization & { r: Hex.Hex; s: Hex.Hex; yParity: number },
): Promise<Address | undefined> {
  const { yParity } = authorization
  const digest = Hex.toBytes(getSignPayload(authorization))
  if (yParity !== 0 && yParity !== 1) return undefined
  const r = Hex.toBigInt(authorization.r)
  const s = Hex.toBigInt(authorization.s)
  // EIP-7702 requires s in the lower half, as EIP-2 does.
  if (s > Signature.order >> 1n) return undefined
  const signature = { r, s, yParity } as const
  const publicKey = recoverPublicKey(await loadEngine(), digest, signature)
  return publicKey && PublicKey.toAddress(publicKey)
}
