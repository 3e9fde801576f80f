import type { Halt, HeadRecord } from './HeadRecord.js'
import type { Account } from './TransactionRecord.js'

type Deadline = { deadline?: number | undefined }

/** An account's head: where the next nonce is looked for. */
export type HeadRows = {
  getHead(
    account: Account,
    deadline?: Deadline,
  ): Promise<HeadRecord | undefined>
  /**
   * The first of `count` nonces that nobody else is told; undefined when there
   * is no head yet, free nonces come first, or nothing is to be accepted. Not
   * repeated when it may have been done: that would leave numbers out.
   */
  advanceHead(
    account: Account,
    count: number,
    deadline?: Deadline,
  ): Promise<bigint | undefined>
  /** With all that it is to say: a sender may read it at once. */
  createHead(
    account: Account,
    next: bigint,
    deadline?: Deadline,
    renewed?: Partial<Renewed> & {
      /** Where the ledger begins. @default `next` */
      first?: bigint
    },
  ): Promise<void>
  /**
   * Raises it over numbers without rows. Never lowers it.
   *
   * @param seen - As it was read.
   * @param isProven - By bytes of the account with nonce `next` - 1; else it is
   * the word of a node, of which so much is taken in an hour and a day.
   * @returns whether it was done
   */
  raiseHead(
    account: Account,
    seen: HeadRecord,
    next: bigint,
    isProven: boolean,
    deadline?: Deadline,
  ): Promise<boolean>
  /** Nothing is accepted any more. */
  haltHead(account: Account, halt: Halt, deadline?: Deadline): Promise<void>
  /** From here on requests are compared with what stands there as others'. */
  markAdopted(account: Account, deadline?: Deadline): Promise<void>
  /**
   * From here on requests are compared with what stands in the ledger as
   * others': it may be what this ledger has lost, or never knew.
   *
   * @param seen - With the halt that is over.
   */
  resumeHead(
    account: Account,
    seen: HeadRecord,
    deadline?: Deadline,
  ): Promise<void>
  /**
   * Ends a repair: the table is the account's ledger from here on, and goes on at
   * `next`. What halted it is over, but for the halt that is given.
   *
   * @returns whether it was done
   */
  renewHead(
    account: Account,
    seen: HeadRecord,
    renewed: Renewed & { next: bigint },
    deadline?: Deadline,
  ): Promise<boolean>
  addFree(account: Account, nonce: bigint, deadline?: Deadline): Promise<void>
  removeFree(
    account: Account,
    nonce: bigint,
    deadline?: Deadline,
  ): Promise<void>
  /** Takes out many at once, that are not free or are no nonces. */
  dropFree(
    account: Account,
    numbers: readonly string[],
    deadline?: Deadline,
  ): Promise<void>
  /** By repair only: writes a head anew that cannot be read. */
  replaceHead(
    account: Account,
    renewed: Renewed & { next: bigint; first: bigint },
    deadline?: Deadline,
  ): Promise<boolean>
}

/** What a repair has found out, and a head says from then on. */
export type Renewed = Pick<HeadRecord, 'hasAdopted' | 'halt'>

export type Lease = {
  finalBelow: bigint | undefined
  /** Since when reconcilers found another one's lease, until this one. */
  skippedSince: number | undefined
  /** The holder whose lease was longer than any may be. */
  broken: { holder: string; until: number } | undefined
}

/** The reconciler's lease: one works, the others leave. */
export type LeaseRows = {
  /**
   * Takes or renews the reconciler's lease, and answers the nonce below which
   * everything is final. While another one holds it: since when that keeps
   * others from working.
   */
  lease(
    account: Account,
    holder: string,
    until: number,
    deadline?: Deadline,
  ): Promise<{ lease: Lease } | { skippedSince: number }>
  /** Gives the lease back, with what was found. */
  release(
    account: Account,
    holder: string,
    finalBelow: bigint | undefined,
    deadline?: Deadline,
  ): Promise<void>
}
