import type { AccessList } from 'ox/AccessList'
import type { Address } from 'ox/Address'
import type * as Authorization from 'ox/Authorization'
import type { Hex } from 'ox/Hex'
import type * as Eip4844 from 'ox/TxEnvelopeEip4844'

type Base = {
  /** Required for every type: without EIP-155 a signature is valid anywhere. */
  chainId: number
  nonce: bigint
  gas: bigint
  /** Wei. */
  value: bigint
  data: Hex
  /** Left out to create a contract. */
  to?: Address
}
type Fees = {
  /** Wei per gas. */
  maxFeePerGas: bigint
  /** Wei per gas. */
  maxPriorityFeePerGas: bigint
  accessList: AccessList
}

/** A transaction that is complete but for the signature; quantities exact. */
export type Unsigned =
  | (Base & { type: 'legacy'; gasPrice: bigint })
  | (Base & { type: 'eip2930'; gasPrice: bigint; accessList: AccessList })
  | (Base & Fees & { type: 'eip1559' })
  | (Base &
      Fees & {
        type: 'eip4844'
        maxFeePerBlobGas: bigint
        blobVersionedHashes: readonly Hex[]
        sidecars?: Eip4844.Sidecars<Hex>
      })
  | (Base &
      Fees & {
        type: 'eip7702'
        authorizationList: Authorization.ListSigned
      })
