import type { Address } from 'ox/Address'
import * as OxAuthorization from 'ox/Authorization'
import type * as Hex from 'ox/Hex'
import { assertAuthorization } from '../transaction/assertTransaction.js'

/** An EIP-7702 authorisation: the account will run the code at `address`. */
export type Authorization = {
  address: Address
  /**
   * 0 means every chain, permanently: make this clear to the person who signs.
   */
  chainId: number
  /** Nonce of the signing account. */
  nonce: bigint
}

/** The 32 bytes to sign, as hex: keccak256(0x05, rlp([...])). */
export function getSignPayload(authorization: Authorization): Hex.Hex {
  const { address, chainId, nonce } = authorization
  assertAuthorization(authorization)
  return OxAuthorization.getSignPayload({ address, chainId, nonce })
}
