import type { Mode } from '../policy/Policy.js'
import type { Charge } from './chargesOf.js'

/** A policy's decision on a request, with reasons. */
export type Decision = {
  readonly decision: 'allow' | 'deny'
  /** In `shadow`, a denial is reported but not enforced. */
  readonly mode: Mode
  /** The rule that decided the request itself, or the one that denied it. */
  readonly rule: string | undefined
  /**
   * All actions of the request, in words, each with the rule that allows it.
   */
  readonly actions: readonly DecidedAction[]
  /** Why it is denied; empty if it is allowed. */
  readonly reasons: readonly Reason[]
  /** The amounts that windows must count; empty for a denied request. */
  readonly reservations: readonly Reservation[]
  /** The effects that rules in `shadow` would have. */
  readonly shadow: readonly ShadowRule[]
}

export type DecidedAction = {
  readonly path: string
  readonly text: string
  readonly rule: string | undefined
}

export type Reason = {
  /** `actions[0.1].rules[pay].recipients`. */
  readonly path: string
  readonly came: string
  readonly allowed: string
}

export type Reservation = Charge & {
  /** The window's count so far, without this request. */
  readonly before: bigint
}

export type ShadowRule = {
  readonly rule: string
  readonly effect: 'allow' | 'deny'
  readonly path: string
}
