import type { Status } from '../ledger/TransactionRecord.js'
import type { Speed } from '../request/SendRequest.js'

/** The caller, and the deadline of the call. */
export type CallOptions = {
  /**
   * Idempotency keys and transactions belong to their caller. Take the caller
   * from authenticated data, never from the request. @default *library
   */
  caller?: string | undefined
  /** Milliseconds since 1970. @default in 30 seconds */
  deadline?: number | undefined
}

/** The same options, with all defaults filled in. */
export type Call = { caller: string; deadline: number }

/** Identifies one of a caller's own transactions. */
export type Reference = { transactionId: string } | { idempotencyKey: string }

export type SpeedUp = {
  /** @default fast */
  speed?: Speed
  /** Wei per gas; replaces the request's cap. */
  maxFeePerGas?: bigint
  /** Gas limit, if the previous one was too low or too high. */
  gas?: bigint
}

export type ListRequest = {
  /** 1 to 100. @default 20 */
  limit?: number
  /** `next` of the previous page. */
  after?: string
  status?: Status
}
