import type { Hex } from '@keyward/core'

/** What pays for executions: a sender that takes each request once. */
export type Relayer = {
  address(options?: Options): Promise<Hex>
  /** With the same key it is sent once, whatever else is asked for. */
  send(call: RelayedCall, options?: Options): Promise<Relayed>
  get(idempotencyKey: string, options?: Options): Promise<Relayed | undefined>
}

export type RelayedCall = {
  readonly idempotencyKey: string
  readonly to: Hex
  readonly data: Hex
}

/** How far it came, in the words of the sender. */
export type Relayed = {
  readonly transactionId: string
  readonly status: string
  /** Nothing becomes of it any more. */
  readonly isFinal: boolean
  /** Of what was signed last. */
  readonly hash: Hex | null
  /** Of all that was signed for it: any of these may be mined. */
  readonly hashes: readonly Hex[]
  /** `success` or `reverted` once it is mined. */
  readonly receiptStatus: string | null
  readonly problem: string | null
}

type Options = { readonly deadline?: number | undefined }
