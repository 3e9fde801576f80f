import type { AccessList, Hex } from '@keyward/core'
import type { Speed } from './Speed.js'

/** What a caller wants to be mined once. */
export type Request = {
  /** Left out to create a contract. */
  to?: Hex
  /** Wei. */
  value: bigint
  data: Hex
  /** Gas limit; estimated when it is left out. */
  gas?: bigint
  accessList: AccessList
  speed: Speed
  /** Wei per gas: the caller's own caps, below those of the sender. */
  maxFeePerGas?: bigint
  maxPriorityFeePerGas?: bigint
  /**
   * Each unit of gas costs `maxFeePerGas`, no less: the tip takes what the base
   * fee leaves. So the cost is known before, to the wei where the gas is.
   */
  exactFee?: true
  /** Milliseconds since 1970 after which nothing is signed any more. */
  validUntil?: number
  /**
   * It does the same as a transaction that repair found on the chain and that
   * nobody claims, and is meant all the same.
   */
  notARepeat?: true
  /** Same key and request: same transaction. */
  idempotencyKey: string
}
