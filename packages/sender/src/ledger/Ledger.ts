import type { Hex } from '@keyward/core'
import type { SendRequest } from '../request/SendRequest.js'
import type { AdoptedRecord } from './AdoptedRecord.js'
import type { Attempt, Signed } from './Attempt.js'
import type { Halt, HeadRecord } from './HeadRecord.js'
import type { Claim, NonceRecord } from './NonceRecord.js'
import type {
  Account,
  DamagedRow,
  Outline,
  Reason,
  Status,
  TransactionRecord,
} from './TransactionRecord.js'

type Deadline = { deadline?: number | undefined }

/** What is known of some transactions, and of rows that can't be believed. */
export type Outlines = { transactions: Outline[]; damaged: DamagedRow[] }

export type Page = Outlines & {
  /** Where the next page begins; undefined at the end. */
  after: unknown
}

/** Where a list of a caller's own goes on. */
export type Place = { id: string; createdAt: number }

/** How a transaction ends. */
export type End = { status: Status; reason?: Reason | undefined }

export type Mined = {
  hash: Hex
  blockNumber: bigint
  blockHash: Hex
  receiptStatus: 'succeeded' | 'reverted' | undefined
}

/** Rows of transactions: accepted once, bound once, ended once. */
export type TransactionTable = {
  /** @throws LedgerItemError, LedgerVersionError */
  getTransaction(
    id: string,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  getOutlines(ids: readonly string[], deadline?: Deadline): Promise<Outlines>
  /**
   * Writes a request down, once. `created` is false when it was there, of
   * this or another caller's making.
   */
  accept(
    record: Pick<
      TransactionRecord,
      'id' | 'account' | 'caller' | 'request' | 'requestHash' | 'createdAt'
    >,
    deadline?: Deadline,
  ): Promise<{ created: boolean; transaction: TransactionRecord }>
  /**
   * Gives a transaction its nonce. Undefined when it has another one, or by
   * another claim, is final, or is to be cancelled.
   */
  bind(
    id: string,
    nonce: bigint,
    claim: string | undefined,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /**
   * Takes the nonce back, once that is out of its hands. Undefined when
   * anything was changed since it was read: it may have got the same again.
   */
  unbind(
    seen: Outline,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /** `signed` or `sent`, with the newest hash; never backwards. */
  advanceStatus(
    id: string,
    status: 'signed' | 'sent',
    hash: Hex,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /** What keeps a transaction from going on, and how often a node said so. */
  noteProblem(
    id: string,
    problem: string,
    options?: Deadline & { refusals?: number | undefined },
  ): Promise<TransactionRecord | undefined>
  requestCancel(
    id: string,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /**
   * In a block that may still be reorganised away: itself, or what was signed
   * in its place.
   */
  markMined(
    id: string,
    end: End & { mined: Mined },
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /** The block it was mined in is gone. */
  markUnmined(
    id: string,
    hash: Hex,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /**
   * Ends a transaction.
   *
   * @param end.unsigned - One that nothing is signed for, as it was read before
   * its nonce was taken from it: nothing may have changed since.
   * @param end.notify - The webhook has to hear of it.
   */
  finish(
    id: string,
    end: End & {
      mined?: Mined | undefined
      unsigned?: Outline
      notify: boolean
    },
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /** The webhook has heard of the end. */
  markDelivered(
    id: string,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /** Those that are not final or not delivered, oldest first. */
  listOpen(
    account: Account,
    options: Deadline & { limit: number; after?: unknown },
  ): Promise<Page>
  /**
   * A caller's own, newest first.
   *
   * @param options.after - As the page before says, or one of its transactions.
   */
  listByCaller(
    account: Account,
    caller: string,
    options: Deadline & {
      limit: number
      after?: Place | undefined
    },
  ): Promise<Outlines & { after: Place | undefined }>
}

/** Rows of nonces: given once at a time, each time by a new claim. */
export type NonceTable = {
  getNonce(
    account: Account,
    nonce: bigint,
    deadline?: Deadline,
  ): Promise<NonceRecord | undefined>
  listNonces(
    account: Account,
    from: bigint,
    to: bigint,
    deadline?: Deadline,
  ): Promise<NonceRecord[]>
  /**
   * Whoever creates the row of a nonce has it.
   *
   * @returns the claim; undefined when the row is there
   */
  reserve(
    account: Account,
    nonce: bigint,
    owner: string,
    deadline?: Deadline,
  ): Promise<string | undefined>
  /** Gives a nonce without an owner to a new one. @returns the claim */
  take(
    account: Account,
    nonce: bigint,
    owner: string,
    deadline?: Deadline,
  ): Promise<string | undefined>
  /** Takes an unsigned nonce from its owner, so that nobody can sign for it. */
  free(
    account: Account,
    nonce: bigint,
    from: Claim,
    deadline?: Deadline,
  ): Promise<boolean>
  /**
   * Makes a row that can't be believed, and for which nothing is signed, one of
   * a free nonce.
   */
  clear(account: Account, nonce: bigint, deadline?: Deadline): Promise<boolean>
  /**
   * Writes down that somebody else's transaction has used a nonce for which
   * nothing is signed.
   *
   * @param from - Who has it; undefined where nobody has.
   */
  handOver(
    account: Account,
    nonce: bigint,
    from: Claim | undefined,
    foreign: Hex | undefined,
    deadline?: Deadline,
  ): Promise<boolean>
  /** Writes down such a nonce that has no row. False when it has one. */
  createExternal(
    account: Account,
    nonce: bigint,
    foreign: Hex,
    deadline?: Deadline,
  ): Promise<boolean>
  /** The highest nonce that has a row. */
  highestNonce(
    account: Account,
    deadline?: Deadline,
  ): Promise<bigint | undefined>
  /** The lowest nonces that have a row, from one on. */
  findNonces(
    account: Account,
    from: bigint,
    limit: number,
    deadline?: Deadline,
  ): Promise<NonceRecord[]>
  /** Writes down a number that has no row, for whoever comes first. */
  createFree(
    account: Account,
    nonce: bigint,
    deadline?: Deadline,
  ): Promise<void>
  /**
   * Stores what was signed for a nonce, before it is broadcast, and answers
   * what is stored: the same, or what another process stored before. Undefined
   * when the nonce is no longer the owner's by this claim.
   */
  storeAttempt(
    account: Account,
    nonce: bigint,
    by: Claim,
    attempt: Attempt,
    deadline?: Deadline,
  ): Promise<Attempt | undefined>
  /** Remembers since when a nonce looks consumed by somebody else. */
  suspect(account: Account, nonce: bigint, deadline?: Deadline): Promise<void>
  clearSuspicion(
    account: Account,
    nonce: bigint,
    deadline?: Deadline,
  ): Promise<void>
}

/** An account's head: where the next nonce is looked for. */
export type HeadTable = {
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
  /** @param first - Where the ledger begins; @default `next` */
  createHead(
    account: Account,
    next: bigint,
    deadline?: Deadline,
    first?: bigint,
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
  /** By repair only. @returns whether it was done */
  lowerHead(
    account: Account,
    seen: HeadRecord,
    next: bigint,
    deadline?: Deadline,
  ): Promise<boolean>
  /** Nothing is accepted any more. */
  haltHead(account: Account, halt: Halt, deadline?: Deadline): Promise<void>
  /**
   * @param seen - The halt that is over. Where rows were missing, requests are
   * compared from here on with what stood in their place.
   */
  resumeHead(account: Account, seen: Halt, deadline?: Deadline): Promise<void>
  /** Ends a repair: the table is the account's ledger from here on. */
  renewHead(
    account: Account,
    seen: HeadRecord,
    renewed: { hasAdopted: boolean },
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
    next: bigint,
    first: bigint,
    deadline?: Deadline,
  ): Promise<boolean>
}

export type Lease = {
  finalBelow: bigint | undefined
  /** Since when reconcilers found another one's lease, until this one. */
  skippedSince: number | undefined
  /** The holder whose lease was longer than any may be. */
  broken: { holder: string; until: number } | undefined
}

/** The reconciler's lease: one works, the others leave. */
export type LeaseTable = {
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

/** Transactions that repair found, until somebody claims them. */
export type AdoptedTable = {
  addAdopted(
    account: Account,
    signed: Signed,
    deadline?: Deadline,
  ): Promise<void>
  /** Those that nobody claims and that do what a request asks for. */
  findAdopted(
    account: Account,
    request: Pick<SendRequest, 'to' | 'value' | 'data'>,
    deadline?: Deadline,
  ): Promise<AdoptedRecord[]>
  /** @returns false when another request has it */
  claimAdopted(
    account: Account,
    signed: Signed,
    id: string,
    deadline?: Deadline,
  ): Promise<boolean>
  /** The row of a request that a transaction on the chain is said to be. */
  adopt(
    record: Pick<
      TransactionRecord,
      'id' | 'account' | 'caller' | 'request' | 'requestHash' | 'createdAt'
    > & { nonce: bigint; mined: Mined },
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
}

/**
 * All that is remembered, and all that must not happen twice. Every write is
 * conditional and touches one item, so that any number of processes may use it
 * at once, and die anywhere.
 */
export type Ledger = TransactionTable &
  NonceTable &
  HeadTable &
  LeaseTable &
  AdoptedTable & {
    /** Without Region and account, as the head names it. */
    readonly tableName: string
    /** Of the endpoint, for messages. */
    readonly host: string
    /** Whether the table is there and shaped as needed. @throws LedgerTableError */
    check(deadline?: Deadline): Promise<void>
  }
