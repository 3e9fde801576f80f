import type * as Certainty from './Certainty.js'

/** Whether a statement applies to a question, and to whom by name. */
export type Match = {
  holds: Certainty.Certainty
  /** It names the caller's account and not the caller. */
  isByAccount: boolean
}
