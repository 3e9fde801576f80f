import type { AccessList, Hex } from '@keyward/core'
import type { Speed } from './Speed.js'

/** A request for a transaction that is mined once. */
export type Request = {
  /** Missing if the request creates a contract. */
  to?: Hex
  /** Wei. */
  value: bigint
  data: Hex
  /** Gas limit; estimated if missing. */
  gas?: bigint
  accessList: AccessList
  speed: Speed
  /** The caller's own caps in wei per gas, which must be below the sender's. */
  maxFeePerGas?: bigint
  maxPriorityFeePerGas?: bigint
  /**
   * Each unit of gas costs exactly `maxFeePerGas`: the tip is the part above
   * the base fee. So the cost is known in advance, and it is exact if the gas
   * is known too.
   */
  exactFee?: true
  /** Time in milliseconds since 1970 after which nothing more is signed. */
  validUntil?: number
  /**
   * Confirms that the request is intended, even though it has the same effect
   * as an unclaimed transaction that repair found on the chain.
   */
  notARepeat?: true
  /** The same key with the same request gives the same transaction. */
  idempotencyKey: string
}
