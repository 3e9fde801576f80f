import type { Hex } from '@keyward/core'
import type { Attempt } from './Attempt.js'
import type { Claim, NonceRecord } from './NonceRecord.js'
import type { Account } from './TransactionRecord.js'

type Deadline = { deadline?: number | undefined }

/**
 * Rows of nonces. Each nonce has one owner at a time, and each assignment gets
 * a new claim.
 */
export type NonceRows = {
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
   * Reserves a nonce by creating its row.
   *
   * @returns the claim; undefined if the row exists
   */
  reserve(
    account: Account,
    nonce: bigint,
    owner: string,
    deadline?: Deadline,
  ): Promise<string | undefined>
  /** Assigns a nonce without an owner to a new owner. @returns the claim */
  take(
    account: Account,
    nonce: bigint,
    owner: string,
    deadline?: Deadline,
  ): Promise<string | undefined>
  /**
   * Takes an unsigned nonce away from its owner, so that nobody can sign for
   * it.
   */
  free(
    account: Account,
    nonce: bigint,
    from: Claim,
    deadline?: Deadline,
  ): Promise<boolean>
  /** Turns a faulty row without a signature into the row of a free nonce. */
  clear(account: Account, nonce: bigint, deadline?: Deadline): Promise<boolean>
  /**
   * Records that an outside transaction used a nonce for which nothing was
   * signed.
   *
   * @param from - The owner; undefined if there is none.
   */
  handOver(
    account: Account,
    nonce: bigint,
    from: Claim | undefined,
    foreign: Hex | undefined,
    deadline?: Deadline,
  ): Promise<boolean>
  /** Stores the bytes that used a nonce for which something was signed. */
  addProof(
    account: Account,
    nonce: bigint,
    foreign: Hex,
    deadline?: Deadline,
  ): Promise<void>
  /**
   * Records an outside transaction for a nonce without a row. False if there is
   * a row.
   */
  createExternal(
    account: Account,
    nonce: bigint,
    foreign: Hex,
    deadline?: Deadline,
  ): Promise<boolean>
  /** The highest nonce with a row. */
  highestNonce(
    account: Account,
    deadline?: Deadline,
  ): Promise<bigint | undefined>
  /** The lowest nonces with a row, from a given one on. */
  findNonces(
    account: Account,
    from: bigint,
    limit: number,
    deadline?: Deadline,
  ): Promise<NonceRecord[]>
  /** Records a nonce without a row as free for anyone. */
  createFree(
    account: Account,
    nonce: bigint,
    deadline?: Deadline,
  ): Promise<void>
  /**
   * Stores an attempt for a nonce before it is broadcast. Returns the stored
   * attempt: this one, or the one that another process stored first. Undefined
   * if the owner no longer holds the nonce under this claim.
   */
  storeAttempt(
    account: Account,
    nonce: bigint,
    by: Claim,
    attempt: Attempt,
    deadline?: Deadline,
  ): Promise<Attempt | undefined>
  /** Records since when an outside transaction seems to have used a nonce. */
  suspect(account: Account, nonce: bigint, deadline?: Deadline): Promise<void>
  clearSuspicion(
    account: Account,
    nonce: bigint,
    deadline?: Deadline,
  ): Promise<void>
}
