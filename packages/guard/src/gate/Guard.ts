import type { Hex, SigningKey, SigningRequest } from '@keyward/core'
import type { Danger } from '../actions/Danger.js'
import type { Decision } from '../evaluate/Decision.js'
import type { Mode } from '../policy/Policy.js'
import type { Halt } from '../windows/halt.js'
import type { Settings } from '../windows/Store.js'

/** What was decided, and what follows from it. */
export type Verdict = {
  readonly decision: Decision
  /** In words, what refuses it; undefined: it may be signed. */
  readonly denial: string | undefined
  /** Windows that had no room for a cancel's or filler's fee, by id. */
  readonly beyond: readonly string[]
}

/** A danger that a rule names, and where the request has it. */
export type Named = {
  /** Of the action: empty for the request itself. */
  readonly path: string
  readonly danger: Danger
}

/** A transaction that the key has signed, and who asked for it. */
export type Signed = {
  readonly request: SigningRequest
  readonly caller: string | undefined
}

/** The same, and when: what a ledger knows of a nonce's attempts. */
export type Known = Signed & {
  /** In ms since 1970; it was counted a little earlier. */
  readonly at: number
}

/** Whose nonces are compared. */
export type Account = { readonly chainId: number; readonly address: Hex }

/** What signing needs of it: bundles without more are smaller. */
export type SigningGuard = Pick<
  Guard,
  'authorize' | 'mode' | 'name' | 'readHalt'
>

/**
 * A policy and its windows, before one key: what it allows is counted before
 * anything is signed.
 */
export type Guard = {
  /** Of the policy. */
  readonly name: string
  /** In `shadow` nothing is refused. */
  readonly mode: Mode
  /**
   * Decides, and has the windows count what it allows. A cancel or a filler is
   * never denied: its fee is counted where it fits.
   *
   * @throws GuardHaltedError, and what the windows' table throws: nothing may be
   * signed then
   */
  authorize(
    request: SigningRequest,
    context: SigningKey.AuthorizeContext,
  ): Promise<Verdict>
  /** What `authorize` would decide now. Nothing is counted. */
  preview(
    request: SigningRequest,
    context: SigningKey.AuthorizeContext,
  ): Promise<Verdict>
  /**
   * The dangers that rules name of a request which they allow now; none where it
   * is denied or the policy is in `shadow`. Windows are not asked.
   */
  readNamed(
    request: SigningRequest,
    context: SigningKey.AuthorizeContext,
  ): Promise<readonly Named[]>
  /**
   * Gives back what was counted for a nonce that a cancel or a filler has used
   * for good.
   *
   * @param mined - That; its fee goes on counting.
   */
  release(account: Hex, mined: Signed, settings?: Settings): Promise<void>
  /**
   * Tidies the windows' table up; to be called every minute.
   *
   * @returns the items that can't be read, and why nothing is signed
   */
  recover(
    settings?: Settings,
  ): Promise<{ damaged: readonly string[]; halt: Halt | undefined }>
  /**
   * Halts where the windows count less than was signed: somebody else writes to
   * their table. Called once they were read, `readSigned` tells what the ledger
   * has, or the newest of it: of what others have signed, nothing.
   *
   * @returns the windows that count less, by id
   */
  compare(
    account: Account,
    readSigned: () => Promise<readonly Known[]>,
    settings?: Settings,
  ): Promise<readonly string[]>
  /**
   * The same by what the windows' own table has of each reservation, also of
   * what no ledger knows: messages, typed data, and what signers sign.
   *
   * @returns the windows that count less, by id
   */
  recount(settings?: Settings): Promise<readonly string[]>
  /** Why nothing is signed; undefined: nothing is halted. */
  readHalt(settings?: Settings): Promise<Halt | undefined>
  /** Lets the guard sign again. @param by - Who, for the record. */
  unhalt(by: string, settings?: Settings): Promise<void>
}
