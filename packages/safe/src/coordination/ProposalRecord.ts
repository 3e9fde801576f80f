import type { Hex } from '@keyward/core'

/**
 * What is written down of a proposal. Whoever reads it takes all of it for a
 * claim: the hash is computed from the fields, each signature recovered, and
 * how it ended read from the chain.
 */
export type ProposalRecord = {
  readonly safeTx: Hex
  /** A {@link Bundle} without confirmations, as JSON. */
  readonly bundle: unknown
  /** The caller who proposed it, as the function knew it. */
  readonly proposer: string
  /** Milliseconds since 1970, as are all times here. */
  readonly createdAt: number
  /** From then on nobody approves it, and we don't execute it. */
  readonly expiresAt: number
  /** `executing`: it was, or may have been, handed to the relayer. */
  readonly status: 'open' | 'executing' | 'rejected'
  readonly rejectedBy?: string | undefined
  readonly rejectedAt?: number | undefined
  /** Whether it had been, or may have been, handed over before. */
  readonly rejectedLate?: boolean | undefined
  /** By owner, lower case. */
  readonly signatures: Readonly<Record<Hex, StoredSignature>>
  /** Hash of the transaction that was last seen to have executed it. */
  readonly executedBy?: Hex | undefined
}

export type StoredSignature = {
  /** 65 bytes. */
  readonly bytes: Hex
  /** The caller through whom it was made. */
  readonly by: string
  readonly at: number
}

/** The Safe as the coordinator's node has it. */
export type RecordedView = {
  readonly owners: readonly Hex[]
  readonly threshold: number
  readonly nonce: bigint
}

type Options = { readonly deadline?: number | undefined }

/**
 * Where proposals are kept. Each write is one item and one condition, which
 * decides between those who write at once.
 */
export type ProposalStore = {
  /** Whether it was created; false where there is one already. */
  create(record: ProposalRecord, options?: Options): Promise<boolean>
  /** @throws for one that was not written here */
  read(safeTx: Hex, options?: Options): Promise<ProposalRecord | undefined>
  /** All of this Safe, in the order of their nonces. */
  list(options?: Options): Promise<ProposalRecord[]>
  /**
   * While it is open or executing and not expired at `signature.at`, and the
   * owner has none yet.
   *
   * @returns undefined when it was not written
   */
  addSignature(
    safeTx: Hex,
    owner: Hex,
    signature: StoredSignature,
    options?: Options,
  ): Promise<ProposalRecord | undefined>
  /** Unless it is rejected already. */
  reject(
    safeTx: Hex,
    by: string,
    at: number,
    options?: Options,
  ): Promise<ProposalRecord | undefined>
  /** From open, or again, and not expired at `at`. */
  beginExecution(
    safeTx: Hex,
    at: number,
    options?: Options,
  ): Promise<ProposalRecord | undefined>
  noteExecution(safeTx: Hex, transaction: Hex, options?: Options): Promise<void>
  writeView(view: RecordedView, options?: Options): Promise<void>
  readView(options?: Options): Promise<RecordedView | undefined>
}
