import type { Halt } from './halt.js'
import type { Reserved } from './reserveItem.js'
import type { Settings } from './Store.js'
import type { Charge, Scope, Window } from './Window.js'

/**
 * A reservation by one attempt, for `commit`; plain data that may be passed on.
 */
export type Reservation = {
  readonly id: string
  /** The total that should count under the id. */
  readonly charges: readonly Charge[]
  /**
   * The amounts reserved by this attempt; empty if everything is already
   * counted.
   */
  readonly reserved: readonly Reserved[]
}

export type ReserveParameters = {
  /**
   * Id under which the amounts count once, for example a digest: 1 to 128
   * visible characters, the first a letter or digit.
   */
  readonly id: string
  /**
   * Amounts are 0 or more; amounts for the same window and scope are added up.
   */
  readonly charges: readonly Charge[]
  /**
   * Time in ms, at most 900_000, after which an uncommitted reservation is
   * released.
   * @default 60_000
   */
  readonly ttlMs?: number | undefined
}

/** The current count of a window. */
export type Spending = {
  readonly window: Window
  readonly scope: Scope
  readonly spent: bigint
  /** `limit - spent`, at least 0. */
  readonly left: bigint
  /** When its oldest amount becomes free again, in ms since 1970. */
  readonly freeAt: number | undefined
  /**
   * When the amount in question fits if nothing else is spent, in ms since
   * 1970; undefined means now or never.
   */
  readonly fitsAt: number | undefined
}

/**
 * An amount that was reserved and not released, according to another record.
 */
export type Known = Charge & {
  /**
   * The id under which it was reserved. The id's row shows whether it was
   * reserved earlier.
   */
  readonly id?: string | undefined
  /**
   * A time no later than the reservation, by the table's clock; ms since 1970.
   */
  readonly at: number
  /** A time no earlier than the reservation. @default at */
  readonly latest?: number | undefined
}

/** A window that counts less than the known amounts. */
export type Shortfall = {
  readonly window: Window
  readonly scope: Scope
  readonly counted: bigint
  readonly known: bigint
}

/** The part that signing needs, which keeps bundles small. */
export type SigningWindows = Pick<
  Windows,
  'commit' | 'raise' | 'readHalt' | 'reserve'
>

/** The part that sending needs. A reconciler maintains the windows. */
export type SendingWindows = SigningWindows & Pick<Windows, 'read' | 'release'>

/** Spending windows; docs/policy.md explains how they count. */
export type Windows = {
  /**
   * Reserves all charges or none. Under one id, an amount counts once, whoever
   * asks: only the excess over the amount that already counts under the id is
   * reserved.
   *
   * @throws WindowExceededError, GuardHaltedError, ReservationBusyError, and
   * errors of the table's client
   */
  reserve(
    parameters: ReserveParameters,
    settings?: Settings,
  ): Promise<Reservation>
  /**
   * Like `reserve`, for an id that already counts: it reads the id's row first.
   */
  raise(
    parameters: ReserveParameters,
    settings?: Settings,
  ): Promise<Reservation>
  /**
   * Makes a reservation count, with one write, before anything is signed.
   *
   * @param settings.details - Stored with the id, for people to read.
   * @returns `settle`, which tidies up and may run while KMS signs; if the
   * process dies first, `recover` does it
   * @throws ReservationReleasedError
   */
  commit(
    reservation: Reservation,
    settings?: Settings & { details?: string },
  ): Promise<{ settle(): Promise<void> }>
  /** Releases a reservation that was not committed. */
  giveBack(reservation: Reservation, settings?: Settings): Promise<void>
  /**
   * Releases the amounts under an id that was never signed or can never be
   * mined. It may be called repeatedly.
   *
   * @param settings.keep - Amounts that stay counted, for example those of the
   * mined transaction. @default nothing
   */
  release(
    id: string,
    settings?: Settings & { keep?: readonly Charge[] },
  ): Promise<void>
  /** The amounts spent, for display: an answer may be outdated on arrival. */
  read(
    of: readonly { window: Window; scope: Scope; amount?: bigint }[],
    settings?: Settings,
  ): Promise<Spending[]>
  /**
   * Releases reservations that were not committed by their deadline, tidies up
   * after processes that died, and begins the windows' new buckets.
   *
   * @returns the number of removed entries, and the unreadable items
   */
  recover(
    settings?: Settings,
  ): Promise<{ recovered: number; damaged: string[] }>
  /**
   * Halts if a window counts less than the known amounts.
   *
   * @param readKnown - Called before and after the windows are read; must
   * return the amounts not released at that time.
   */
  compare(
    readKnown: () => Promise<readonly Known[]>,
    settings?: Settings,
  ): Promise<Shortfall[]>
  /**
   * Halts if a bucket counts less than the amounts committed there and not
   * released, according to the newest 1,000 commits of the last week. Also
   * halts if somebody rewrote the list of commits or the item that halts the
   * guard, or if the table's contents prevent the recount.
   *
   * @returns ids of the windows that count less
   */
  recount(settings?: Settings): Promise<string[]>
  /** Undefined if there is no halt. A copy of another table is halted. */
  readHalt(settings?: Settings): Promise<Halt | undefined>
  /** From now on, nothing can be reserved in any window of the table. */
  halt(reason: string, settings?: Settings): Promise<void>
  /**
   * Allows reservations in the table again, after a halt or if the table is a
   * copy of another one.
   *
   * @param by - Who lifts the halt, for the record.
   */
  unhalt(by: string, settings?: Settings): Promise<void>
  /**
   * Records the version that amounts are computed with, for example a policy's
   * hash.
   *
   * @param by.of - The stack whose amounts these are, because stacks with
   * different policies may share a table.
   * @returns since when this version applies, by the table's clock; ms since
   * 1970
   */
  noteVersion(
    by: { of: string; version: string },
    settings?: Settings,
  ): Promise<number>
}
