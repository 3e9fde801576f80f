import type { AccessList } from 'ox/AccessList'
import type { Address } from 'ox/Address'
import type * as Authorization from 'ox/Authorization'
import type { Hex } from 'ox/Hex'
import type { Sidecars } from './Sidecars.js'

type Base = {
  /**
   * Required for every type: without EIP-155, a signature is valid on any
   * chain.
   */
  chainId: number
  nonce: bigint
  gas: bigint
  /** Wei. */
  value: bigint
  data: Hex
  /** Missing if the transaction creates a contract. */
  to?: Address
}
type Fees = {
  /** Wei per gas. */
  maxFeePerGas: bigint
  /** Wei per gas. */
  maxPriorityFeePerGas: bigint
  accessList: AccessList
}

/** A complete transaction, except for the signature; quantities are exact. */
export type Unsigned =
  | (Base & { type: 'legacy'; gasPrice: bigint })
  | (Base & { type: 'eip2930'; gasPrice: bigint; accessList: AccessList })
  | (Base & Fees & { type: 'eip1559' })
  | (Base &
      Fees & {
        type: 'eip4844'
        maxFeePerBlobGas: bigint
        blobVersionedHashes: readonly Hex[]
        /** In the form that the network accepts. */
        sidecars?: Sidecars
      })
  | (Base &
      Fees & {
        type: 'eip7702'
        authorizationList: Authorization.ListSigned
      })
