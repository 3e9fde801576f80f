import type { Halt } from './halt.js'
import type { Reserved } from './reserveItem.js'
import type { Settings } from './Store.js'
import type { Charge, Scope, Window } from './Window.js'

/** What an attempt holds, for `commit`; it is data, and may be sent on. */
export type Reservation = {
  readonly id: string
  /** What is to count under the id in all. */
  readonly charges: readonly Charge[]
  /** What was reserved for it; nothing where all is counted already. */
  readonly reserved: readonly Reserved[]
}

export type ReserveParameters = {
  /**
   * Of what counts once, for example a digest: 1 to 128 visible characters, the
   * first a letter or digit.
   */
  readonly id: string
  /** Amounts from 0; of the same window and scope they are added up. */
  readonly charges: readonly Charge[]
  /**
   * What is not committed by then is released, in ms, at most 900_000.
   * @default 60_000
   */
  readonly ttlMs?: number | undefined
}

/** What a window counts now. */
export type Spending = {
  readonly window: Window
  readonly scope: Scope
  readonly spent: bigint
  /** `limit - spent`, at least 0. */
  readonly left: bigint
  /** When the oldest of it is free again, in ms since 1970. */
  readonly freeAt: number | undefined
  /**
   * When an amount that was asked about fits, if nothing else is spent, in ms
   * since 1970; undefined: now or never.
   */
  readonly fitsAt: number | undefined
}

/** Something that was reserved and is not released, as another record has it. */
export type Known = Charge & {
  /** Under which it was reserved: where that was earlier, its row tells. */
  readonly id?: string | undefined
  /** No later than it was reserved, by the table's clock; ms since 1970. */
  readonly at: number
  /** No earlier than it was reserved. @default at */
  readonly latest?: number | undefined
}

/** A window that counts less than is known. */
export type Shortfall = {
  readonly window: Window
  readonly scope: Scope
  readonly counted: bigint
  readonly known: bigint
}

/** What signing needs of them: bundles without more are smaller. */
export type SigningWindows = Pick<
  Windows,
  'commit' | 'raise' | 'readHalt' | 'reserve'
>

/** Spending windows; docs/policy.md says how they count. */
export type Windows = {
  /**
   * Reserves all charges or none. Under one id an amount counts once, whoever
   * asks: of what counts under it already only what is more is reserved.
   *
   * @throws WindowExceededError, GuardHaltedError, ReservationBusyError, and
   * what the table's client throws
   */
  reserve(
    parameters: ReserveParameters,
    settings?: Settings,
  ): Promise<Reservation>
  /** As `reserve`, for an id that counts already: looks there first. */
  raise(
    parameters: ReserveParameters,
    settings?: Settings,
  ): Promise<Reservation>
  /**
   * Makes a reservation count, by one write: before anything is signed.
   *
   * @param settings.details - Kept with the id, for people.
   * @returns `settle`, which tidies up and may run while KMS signs; what dies
   * before it is tidied by `recover`
   * @throws ReservationReleasedError
   */
  commit(
    reservation: Reservation,
    settings?: Settings & { details?: string },
  ): Promise<{ settle(): Promise<void> }>
  /** Gives back what was reserved and not committed. */
  giveBack(reservation: Reservation, settings?: Settings): Promise<void>
  /**
   * Takes back what counts under an id: it was never signed, or can never be
   * mined. May be repeated.
   *
   * @param settings.keep - What counts on, for example of the transaction that
   * was mined. @default nothing
   */
  release(
    id: string,
    settings?: Settings & { keep?: readonly Charge[] },
  ): Promise<void>
  /** What is spent, for people: an answer may be old when it comes. */
  read(
    of: readonly { window: Window; scope: Scope; amount?: bigint }[],
    settings?: Settings,
  ): Promise<Spending[]>
  /**
   * Releases what was reserved and not committed by its deadline, tidies up
   * after those that died, and begins the windows' new buckets.
   *
   * @returns how many entries were taken away, and the items that can't be read
   */
  recover(
    settings?: Settings,
  ): Promise<{ recovered: number; damaged: string[] }>
  /**
   * Halts when a window counts less than is known.
   *
   * @param readKnown - Called before and after the windows were read; must tell
   * what is not released when it is called.
   */
  compare(
    readKnown: () => Promise<readonly Known[]>,
    settings?: Settings,
  ): Promise<Shortfall[]>
  /**
   * Halts when a bucket counts less than what was committed there and not
   * released, as far as the newest 1,000 commits of the last week tell.
   *
   * @returns the windows that count less, by id
   */
  recount(settings?: Settings): Promise<string[]>
  /** Undefined when nothing is halted. A copy of another table is. */
  readHalt(settings?: Settings): Promise<Halt | undefined>
  /** From now on nothing is reserved, in no window of the table. */
  halt(reason: string, settings?: Settings): Promise<void>
  /**
   * Lets the table be reserved from again: after a halt, and where it is a copy
   * of another one.
   *
   * @param by - Who lifts it, for the record.
   */
  unhalt(by: string, settings?: Settings): Promise<void>
  /**
   * Writes down by what amounts are reckoned, for example a policy's hash.
   *
   * @param by.of - Whose amounts: tables may be shared by stacks whose policies
   * differ.
   * @returns since when it is this one, by the table's clock; ms since 1970
   */
  noteVersion(
    by: { of: string; version: string },
    settings?: Settings,
  ): Promise<number>
}
