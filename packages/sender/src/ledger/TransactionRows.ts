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

/** Known transactions, and rows that are not valid. */
export type Outlines = { transactions: Outline[]; damaged: DamagedRow[] }

export type Page = Outlines & {
  /** Where the next page begins; undefined at the end. */
  after: unknown
}

/** Where the next page of a caller's list begins. */
export type Place = { id: string; createdAt: number }

/** How a transaction ends. */
export type End = { status: Status; reason?: Reason | undefined }

export type Mined = {
  hash: Hex
  blockNumber: bigint
  blockHash: Hex
  receiptStatus: 'succeeded' | 'reverted' | undefined
}

/**
 * Rows of transactions. Each transaction is accepted once, bound once and ended
 * once.
 */
export type TransactionRows = {
  /** @throws LedgerItemError, LedgerVersionError */
  getTransaction(
    id: string,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  getOutlines(ids: readonly string[], deadline?: Deadline): Promise<Outlines>
  /**
   * Writes a request once. `created` is false if it exists, whether from this
   * call or another.
   */
  accept(
    record: Pick<
      TransactionRecord,
      'id' | 'account' | 'caller' | 'request' | 'requestHash' | 'createdAt'
    >,
    deadline?: Deadline,
  ): Promise<{ created: boolean; transaction: TransactionRecord }>
  /**
   * Assigns a transaction its nonce. Undefined if the transaction has another
   * nonce or claim, is final, or should be cancelled.
   */
  bind(
    id: string,
    nonce: bigint,
    claim: string | undefined,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /**
   * Removes the nonce from a transaction that no longer owns it. Undefined if
   * anything has changed since it was read, because it may own the same nonce
   * again.
   */
  unbind(
    seen: Outline,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /**
   * Records `signed` or `sent` with the newest hash. A state never goes
   * backwards.
   */
  advanceStatus(
    id: string,
    status: 'signed' | 'sent',
    hash: Hex,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /**
   * Records the problem that stops a transaction, and how often a node has
   * reported it.
   */
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
   * Records that the transaction, or a replacement for its nonce, is in a block
   * that may still be reorganised.
   */
  markMined(
    id: string,
    end: End & { mined: Mined },
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /** Records that the block that contained it is gone. */
  markUnmined(
    id: string,
    hash: Hex,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /**
   * Ends a transaction.
   *
   * @param end.unsigned - A transaction with nothing signed, as read before its
   * nonce was taken away: nothing may have changed since.
   * @param end.notify - Whether the webhook must be notified.
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
   * Records that the webhook has been notified of the end.
   *
   * @param heard - The record as it was sent. An adoption may have changed it
   * since.
   */
  markDelivered(
    heard: Outline,
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
  /** Transactions that are not final or not delivered, oldest first. */
  listOpen(
    account: Account,
    options: Deadline & { limit: number; after?: unknown },
  ): Promise<Page>
  /**
   * A caller's own transactions, newest first.
   *
   * @param options.after - From the previous page, or one of its transactions.
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
