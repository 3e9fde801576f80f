import type { Mode } from '../policy/Policy.js'
import type { Charge } from './chargesOf.js'

/** What a policy says of a request, and why. */
export type Decision = {
  readonly decision: 'allow' | 'deny'
  /** In `shadow` a denial is told and not enforced. */
  readonly mode: Mode
  /** The rule that decided: of the request itself, or the one that denied. */
  readonly rule: string | undefined
  /** All that the request does, in words, each with the rule that allows it. */
  readonly actions: readonly DecidedAction[]
  /** Why it is denied; empty when it is allowed. */
  readonly reasons: readonly Reason[]
  /** What windows have to count; nothing of a request that is denied. */
  readonly reservations: readonly Reservation[]
  /** What rules in `shadow` would do. */
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
  /** What the window has counted so far, without this request. */
  readonly before: bigint
}

export type ShadowRule = {
  readonly rule: string
  readonly effect: 'allow' | 'deny'
  readonly path: string
}
