import type { Hex, SigningRequest } from '@keyward/core'
import type { Action } from '../actions/Action.js'
import type { Policy } from '../policy/Policy.js'

/** Who asks for a signature, and with which key. */
export type Subject = {
  /** The caller, from authenticated data; undefined if unknown. */
  readonly caller: string | undefined
  /** The key's account. */
  readonly account: Hex | undefined
}

/** Facts that a policy needs besides the request. */
export type Facts = {
  /** In ms since 1970. */
  readonly time: number
  /**
   * The windows' counts; a missing window has counted nothing. Undefined if
   * nobody has read them, so a refusal doesn't mention them.
   */
  readonly spent?: readonly Spent[] | undefined
  /** The part that is already counted for this same request. */
  readonly counted?: readonly Spent[] | undefined
}

export type Spent = {
  readonly window: string
  readonly scope: WindowScope
  readonly amount: bigint
}

/**
 * The values for which a window counts separately; empty if it has one total.
 */
export type WindowScope = {
  readonly caller?: string | undefined
  readonly account?: Hex | undefined
  readonly recipient?: Hex | undefined
}

/** Everything that conditions can refer to. */
export type Question = {
  readonly policy: Policy
  readonly request: SigningRequest
  readonly subject: Subject
  readonly time: number
  readonly fees: Fees | undefined
  readonly action: Action
}

/** A transaction's fees, at their maximum. */
export type Fees = {
  readonly type: string
  readonly maxFee: bigint
  readonly maxGas: bigint
  readonly maxFeePerGas: bigint
  readonly maxFeePerBlobGas: bigint
}

/** Gas of one blob: 2^17. */
const gasPerBlob = 131_072n

export function feesOf(request: SigningRequest): Fees | undefined {
  if (request.kind !== 'transaction') return undefined
  const { transaction } = request
  const { type, gas } = transaction
  // Chosen by type, because a member of another type may exist with the value
  // undefined.
  const price =
    transaction.type === 'legacy' || transaction.type === 'eip2930'
      ? transaction.gasPrice
      : transaction.maxFeePerGas
  const isBlob = type === 'eip4844'
  const blobPrice = isBlob ? transaction.maxFeePerBlobGas : 0n
  const blobs = isBlob ? BigInt(transaction.blobVersionedHashes.length) : 0n
  return {
    type,
    maxFee: gas * price + blobs * gasPerBlob * blobPrice,
    maxGas: gas,
    maxFeePerGas: price,
    maxFeePerBlobGas: blobPrice,
  }
}
