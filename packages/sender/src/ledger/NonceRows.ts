import type { Hex } from '@keyward/core'
import type { Attempt } from './Attempt.js'
import type { Claim, NonceRecord } from './NonceRecord.js'
import type { Account } from './TransactionRecord.js'

type Deadline = { deadline?: number | undefined }

/** Rows of nonces: given once at a time, each time by a new claim. */
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
  /** Keeps the bytes that have used a nonce for which something is signed. */
  addProof(
    account: Account,
    nonce: bigint,
    foreign: Hex,
    deadline?: Deadline,
  ): Promise<void>
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
