import type { Hex } from '@keyward/core'

/**
 * The stored form of a proposal. Readers treat all of it as claims: they
 * compute the hash from the fields, recover each signature, and read the
 * outcome from the chain.
 */
export type ProposalRecord = {
  readonly safeTx: Hex
  /** A {@link Bundle} without confirmations, as JSON. */
  readonly bundle: unknown
  /** The caller who proposed it, as the function identified them. */
  readonly proposer: string
  /** Callers who proposed the same transaction afterwards. */
  readonly others?: readonly string[] | undefined
  /** Milliseconds since 1970, like all times here. */
  readonly createdAt: number
  /** After this time, the proposal is neither approved nor executed here. */
  readonly expiresAt: number
  /** `executing` means that it was, or may have been, sent to the relayer. */
  readonly status: 'open' | 'executing' | 'rejected'
  readonly rejectedBy?: string | undefined
  readonly rejectedAt?: number | undefined
  /**
   * Whether it was, or may have been, sent to the relayer before the rejection.
   */
  readonly rejectedLate?: boolean | undefined
  /**
   * When it was last exported or imported. Anyone who has it can sign
   * elsewhere.
   */
  readonly sharedAt?: number | undefined
  /** Keyed by the owner's lower-case address. */
  readonly signatures: Readonly<Record<Hex, StoredSignature>>
  /** Hash of the latest transaction that is known to have executed it. */
  readonly executedBy?: Hex | undefined
}

/** Whether signatures for it may exist, here or elsewhere. */
export const isSigned = (record: ProposalRecord) =>
  record.rejectedLate === true ||
  record.sharedAt !== undefined ||
  Object.keys(record.signatures).length > 0

export type StoredSignature = {
  /** 65 bytes. */
  readonly bytes: Hex
  /** The caller through whom it was signed. */
  readonly by: string
  readonly at: number
}

/** The Safe as the coordinator's node shows it. */
export type RecordedView = {
  readonly owners: readonly Hex[]
  readonly threshold: number
  readonly nonce: bigint
}

/** An inclusive range, without an end by default. */
export type NonceRange = {
  readonly from: bigint
  readonly to?: bigint | undefined
}

/** Shows readers where to look for a proposal. It is also only a claim. */
export type ProposalEntry = {
  readonly safeTx: Hex
  readonly nonce: bigint
  readonly proposer: string
}

type Options = { readonly deadline?: number | undefined }

/**
 * Stores proposals. Each write changes one item under one condition, which
 * decides between concurrent writers.
 */
export type ProposalStore = {
  /**
   * Writes the entry by which `list` finds a proposal, unless the entry exists.
   * Call it before `create`, because nobody would find a proposal without an
   * entry.
   */
  createEntry(entry: ProposalEntry, options?: Options): Promise<void>
  /** Whether the proposal was created; false if it exists. */
  create(record: ProposalRecord, options?: Options): Promise<boolean>
  /** @throws if the record is not one that this code wrote */
  read(safeTx: Hex, options?: Options): Promise<ProposalRecord | undefined>
  /** The proposals at these nonces, in the order of their creation. */
  list(range: NonceRange, options?: Options): Promise<ProposalRecord[]>
  /** The entries at these nonces, without reading the proposals. */
  listEntries(range: NonceRange, options?: Options): Promise<ProposalEntry[]>
  /**
   * Adds a signature if the proposal is open or executing, not expired at
   * `signature.at`, and has none from this owner yet.
   *
   * @returns undefined if it was not written
   */
  addSignature(
    safeTx: Hex,
    owner: Hex,
    signature: StoredSignature,
    options?: Options,
  ): Promise<ProposalRecord | undefined>
  /** Adds another proposer, unless the proposal is rejected. */
  addProposer(
    safeTx: Hex,
    proposer: string,
    options?: Options,
  ): Promise<ProposalRecord | undefined>
  /**
   * Rejects a proposal, unless it is already rejected.
   *
   * @param options.asProposer - Reject only if nobody else proposed it.
   * @param options.instead - Reject also if this caller rejected it before.
   */
  reject(
    safeTx: Hex,
    by: string,
    at: number,
    options?: Options & {
      readonly asProposer?: boolean | undefined
      readonly instead?: string | undefined
    },
  ): Promise<ProposalRecord | undefined>
  /**
   * Reopens a closed proposal with a new proposer and time, unless it has
   * changed since it was read.
   */
  reopen(
    closed: ProposalRecord,
    set: Pick<ProposalRecord, 'proposer' | 'expiresAt'>,
    options?: Options,
  ): Promise<ProposalRecord | undefined>
  /**
   * Records that a proposal was exported or imported, unless it is closed at
   * `at`.
   */
  noteShared(
    safeTx: Hex,
    at: number,
    options?: Options,
  ): Promise<ProposalRecord | undefined>
  /**
   * Marks a proposal as executing. It must be open or already executing, and
   * must not have expired at `at`.
   */
  beginExecution(
    safeTx: Hex,
    at: number,
    options?: Options,
  ): Promise<ProposalRecord | undefined>
  noteExecution(safeTx: Hex, transaction: Hex, options?: Options): Promise<void>
  writeView(view: RecordedView, options?: Options): Promise<void>
  readView(options?: Options): Promise<RecordedView | undefined>
}
