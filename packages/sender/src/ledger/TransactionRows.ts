import type { Hex } from '@keyward/core'
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
export type TransactionRows = {
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
  /**
   * The webhook has heard of the end.
   *
   * @param heard - As it was told: an adoption may have changed it since.
   */
  markDelivered(
    heard: Outline,
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
