import type { Halt, HeadRecord } from './HeadRecord.js'
import type { Account } from './TransactionRecord.js'

type Deadline = { deadline?: number | undefined }

/** An account's head: where to look for the next nonce. */
export type HeadRows = {
  getHead(
    account: Account,
    deadline?: Deadline,
  ): Promise<HeadRecord | undefined>
  /**
   * The first of `count` nonces that no other process gets. Undefined if there
   * is no head yet, if free nonces come first, or if nothing may be accepted.
   * The write is not retried if it may have succeeded, because that would skip
   * nonces.
   */
  advanceHead(
    account: Account,
    count: number,
    deadline?: Deadline,
  ): Promise<bigint | undefined>
  /** Writes a complete row, because a sender may read it immediately. */
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
   * Raises the head over nonces without rows. Never lowers it.
   *
   * @param seen - The head as it was read.
   * @param isProven - Whether bytes signed by the account with nonce `next` - 1
   * prove the new value. Otherwise, it is based on a node's count, and is
   * limited per hour and day.
   * @returns whether it was raised
   */
  raiseHead(
    account: Account,
    seen: HeadRecord,
    next: bigint,
    isProven: boolean,
    deadline?: Deadline,
  ): Promise<boolean>
  /** Stops accepting anything. */
  haltHead(account: Account, halt: Halt, deadline?: Deadline): Promise<void>
  /** From now on, requests are compared with recorded outside transactions. */
  markAdopted(account: Account, deadline?: Deadline): Promise<void>
  /**
   * Lifts a halt. From now on, requests are compared with the outside
   * transactions in the ledger, which this ledger may have lost or never known.
   *
   * @param seen - The head, with the halt that is over.
   */
  resumeHead(
    account: Account,
    seen: HeadRecord,
    deadline?: Deadline,
  ): Promise<void>
  /**
   * Ends a repair: the table is now the account's ledger and continues at
   * `next`. Any halt is lifted, except the given one.
   *
   * @returns whether it was written
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
  /** Removes many nonces that are not free or not valid, in one write. */
  dropFree(
    account: Account,
    numbers: readonly string[],
    deadline?: Deadline,
  ): Promise<void>
  /** Rewrites a head that can't be read. Used only by repair. */
  replaceHead(
    account: Account,
    renewed: Renewed & { next: bigint; first: bigint },
    deadline?: Deadline,
  ): Promise<boolean>
}

/** The results of a repair that the head stores from then on. */
export type Renewed = Pick<HeadRecord, 'hasAdopted' | 'halt'>

export type Lease = {
  finalBelow: bigint | undefined
  /** The time since which all earlier runs have found the lease taken. */
  skippedSince: number | undefined
  /** The holder of a lease that was longer than allowed. */
  broken: { holder: string; until: number } | undefined
}

/** The reconciler's lease: the holder runs, and all others stop. */
export type LeaseRows = {
  /**
   * Takes or renews the reconciler's lease, and returns the nonce below which
   * everything is final. If another reconciler has the lease, returns the time
   * since which it has kept others from running.
   */
  lease(
    account: Account,
    holder: string,
    until: number,
    deadline?: Deadline,
  ): Promise<{ lease: Lease } | { skippedSince: number }>
  /** Returns the lease together with the results. */
  release(
    account: Account,
    holder: string,
    finalBelow: bigint | undefined,
    deadline?: Deadline,
  ): Promise<void>
}
