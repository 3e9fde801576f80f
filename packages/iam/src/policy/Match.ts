import type * as Certainty from './Certainty.js'

/** Whether a statement applies to a question, and whom it names. */
export type Match = {
  holds: Certainty.Certainty
  /** Whether it names the caller's account, but not the caller. */
  isByAccount: boolean
}
