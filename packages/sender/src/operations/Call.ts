import type { Status } from '../ledger/TransactionRecord.js'
import type { Speed } from '../request/SendRequest.js'

/** Who asks, and how long that one waits. */
export type CallOptions = {
  /**
   * Idempotency keys and transactions belong to their caller. Take it from what
   * proves it, never from the request. @default *library
   */
  caller?: string | undefined
  /** Milliseconds since 1970. @default in 30 seconds */
  deadline?: number | undefined
}

/** The same, complete. */
export type Call = { caller: string; deadline: number }

/** One of a caller's own transactions. */
export type Reference = { transactionId: string } | { idempotencyKey: string }

export type SpeedUp = {
  /** @default fast */
  speed?: Speed
  /** Wei per gas; stands in for the cap of the request. */
  maxFeePerGas?: bigint
  /** Gas limit, where the one before was too low or too high. */
  gas?: bigint
}

export type ListRequest = {
  /** 1 to 100. @default 20 */
  limit?: number
  /** `next` of the page before. */
  after?: string
  status?: Status
}
