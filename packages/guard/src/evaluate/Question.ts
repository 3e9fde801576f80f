import type { Hex, SigningRequest } from '@keyward/core'
import type { Action } from '../actions/Action.js'
import type { Policy } from '../policy/Policy.js'

/** Who asks for a signature, by which key. */
export type Subject = {
  /** As what proves it says; undefined: nobody knows. */
  readonly caller: string | undefined
  /** The key's account. */
  readonly account: Hex | undefined
}

/** What a policy needs to know beside the request. */
export type Facts = {
  /** In ms since 1970. */
  readonly time: number
  /** What windows have counted; of those that are not named: nothing. */
  readonly spent?: readonly Spent[] | undefined
  /** What of it was counted for this very request before. */
  readonly counted?: readonly Spent[] | undefined
}

export type Spent = {
  readonly window: string
  readonly scope: WindowScope
  readonly amount: bigint
}

/** What a window counts apart; empty where it counts everything together. */
export type WindowScope = {
  readonly caller?: string | undefined
  readonly account?: Hex | undefined
  readonly recipient?: Hex | undefined
}

/** All that conditions are asked about. */
export type Question = {
  readonly policy: Policy
  readonly request: SigningRequest
  readonly subject: Subject
  readonly time: number
  readonly fees: Fees | undefined
  readonly action: Action
}

/** Of a transaction, at their maximum. */
export type Fees = {
  readonly type: string
  readonly maxFee: bigint
  readonly maxGas: bigint
  readonly maxFeePerGas: bigint
  readonly maxFeePerBlobGas: bigint
}

/** Of one blob: 2^17. */
const gasPerBlob = 131_072n

export function feesOf(request: SigningRequest): Fees | undefined {
  if (request.kind !== 'transaction') return undefined
  const { transaction } = request
  const { type, gas } = transaction
  const price =
    'gasPrice' in transaction ? transaction.gasPrice : transaction.maxFeePerGas
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
