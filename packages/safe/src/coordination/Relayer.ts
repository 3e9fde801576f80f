import type { Hex } from '@keyward/core'

/** Pays for executions: a sender that sends each request only once. */
export type Relayer = {
  address(options?: Options): Promise<Hex>
  /**
   * A request with the same key is sent only once, whatever else it contains.
   */
  send(call: RelayedCall, options?: Options): Promise<Relayed>
  get(idempotencyKey: string, options?: Options): Promise<Relayed | undefined>
}

export type RelayedCall = {
  readonly idempotencyKey: string
  readonly to: Hex
  readonly data: Hex
}

/** The progress of an execution, in the sender's terms. */
export type Relayed = {
  readonly transactionId: string
  readonly status: string
  /** Whether its state is final. */
  readonly isFinal: boolean
  /** Hash of the last signed version. */
  readonly hash: Hex | null
  /** Hashes of all signed versions: any of them may be mined. */
  readonly hashes: readonly Hex[]
  /** `success` or `reverted` once it is mined. */
  readonly receiptStatus: string | null
  readonly problem: string | null
}

type Options = { readonly deadline?: number | undefined }
