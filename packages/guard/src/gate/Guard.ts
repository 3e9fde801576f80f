import type { Hex, SigningKey, SigningRequest } from '@keyward/core'
import type { Danger } from '../actions/Danger.js'
import type { Decision } from '../evaluate/Decision.js'
import type { Mode } from '../policy/Policy.js'
import type { Halt } from '../windows/halt.js'
import type { Settings } from '../windows/Store.js'

/** A decision and its consequences. */
export type Verdict = {
  readonly decision: Decision
  /** The reason for a refusal, in words; undefined if it may be signed. */
  readonly denial: string | undefined
  /** Ids of windows without room for a cancel's or filler's fee. */
  readonly beyond: readonly string[]
}

/** A danger that a rule names, and its location in the request. */
export type Named = {
  /** The action's path: empty for the request itself. */
  readonly path: string
  readonly danger: Danger
}

/** A transaction that the key has signed, and who requested it. */
export type Signed = {
  readonly request: SigningRequest
  readonly caller: string | undefined
}

/**
 * A signed transaction with a time, as a ledger knows it from a nonce's
 * attempts.
 */
export type Known = Signed & {
  /** When it was signed, in ms since 1970. It was counted slightly earlier. */
  readonly at: number
}

/** The account whose nonces are compared. */
export type Account = { readonly chainId: number; readonly address: Hex }

/** The part that signing needs, which keeps bundles small. */
export type SigningGuard = Pick<
  Guard,
  'authorize' | 'mode' | 'name' | 'readHalt'
>

/** The part that sending needs. A reconciler maintains the windows. */
export type SendingGuard = Pick<
  Guard,
  keyof SigningGuard | 'preview' | 'readNamed' | 'release'
>

/**
 * A policy and its windows for one key. Everything that the policy allows is
 * counted before anything is signed.
 */
export type Guard = {
  /** The policy's name. */
  readonly name: string
  /** In `shadow`, nothing is refused. */
  readonly mode: Mode
  /**
   * Decides on a request, and makes the windows count what is allowed. A cancel
   * or filler is never denied: its fee is counted if it fits.
   *
   * @throws GuardHaltedError, and errors of the windows' table: in which case
   * nothing may be signed
   */
  authorize(
    request: SigningRequest,
    context: SigningKey.AuthorizeContext,
  ): Promise<Verdict>
  /** Returns what `authorize` would decide now, without counting anything. */
  preview(
    request: SigningRequest,
    context: SigningKey.AuthorizeContext,
  ): Promise<Verdict>
  /**
   * The dangers in a request that rules list and currently allow. Empty if the
   * request is denied or the policy is in `shadow`. It doesn't read the
   * windows.
   */
  readNamed(
    request: SigningRequest,
    context: SigningKey.AuthorizeContext,
  ): Promise<readonly Named[]>
  /**
   * Releases what was counted for a nonce that a cancel or filler has
   * permanently used.
   *
   * @param mined - The cancel or filler; its fee stays counted.
   */
  release(account: Hex, mined: Signed, settings?: Settings): Promise<void>
  /**
   * Tidies up the windows' table. Call it every minute.
   *
   * @returns unreadable items, and the reason for a halt if there is one
   */
  recover(
    settings?: Settings,
  ): Promise<{ damaged: readonly string[]; halt: Halt | undefined }>
  /**
   * Halts if the windows count less than was signed, because then another
   * program must have written to their table. `readSigned` is called after the
   * windows are read. It returns the ledger's signed transactions, or the
   * newest of them, without those of other signers.
   *
   * @returns ids of the windows that count less
   */
  compare(
    account: Account,
    readSigned: () => Promise<readonly Known[]>,
    settings?: Settings,
  ): Promise<readonly string[]>
  /**
   * Like `compare`, but based on the reservations in the windows' own table.
   * These include signatures that no ledger has: messages, typed data, and the
   * transactions of the signer functions.
   *
   * @returns ids of the windows that count less
   */
  recount(settings?: Settings): Promise<readonly string[]>
  /** The current halt; undefined if there is none. */
  readHalt(settings?: Settings): Promise<Halt | undefined>
  /**
   * Lifts a halt, so that the key can sign again.
   * @param by - Who lifts the halt, for the record.
   */
  unhalt(by: string, settings?: Settings): Promise<void>
}
