import type { Prompt } from '@keyward/keyfile'
import type { Target } from './aws/Target.js'
import type { ResourceChange } from './deploy/ResourceChange.js'

/**
 * What an operation needs from whatever runs it: a terminal, a web page or a
 * test.
 */
export type Io = Omit<Prompt, 'notify'> & {
  /** AWS settings, `RPC_URL` and `ETH_NETWORK`, as in `process.env`. */
  env: Readonly<Record<string, string | undefined>>
  /** Reports events as they happen. */
  notify(event: Event): void
  /**
   * Asks before anything is created or signed outside the local home.
   *
   * @throws ConfirmationError if there is no one to ask or the answer is no
   */
  confirm(question: Question): Promise<void>
  /**
   * Checks, before long work begins, that `confirm` will be able to ask at the
   * end.
   */
  assertAskable(question: Question): void
}

export type Event =
  /** Where requests go. Sent before the first request. */
  | { kind: 'target'; target: Target }
  | { kind: 'note'; text: string }
  /**
   * The current step. It lasts until `progressEnd` or the next event of this
   * kind. A terminal folds these events into one line with a seconds counter;
   * other outputs print `line`.
   */
  | {
      kind: 'progress'
      text: string
      /**
       * The step as a separate line. A step without a line is shown only on
       * terminals.
       */
      line?: string
      /** How much is done, out of how much. */
      done?: number
      total?: number | undefined
    }
  | { kind: 'progressEnd' }
  /**
   * How to continue if the command is interrupted now; undefined if nothing
   * needs to be said.
   */
  | { kind: 'resume'; text: string | undefined }
  /** Part of the work failed; the operation may continue. */
  | { kind: 'failure'; text: string }
  /** What a deployment would change. Sent before the confirmation. */
  | { kind: 'changes'; stack: string; changes: readonly ResourceChange[] }

export type Question = {
  /**
   * Undefined if AWS is not involved; the question is then asked unless `yes`
   * is set.
   */
  target: Target | undefined
  /** Completes a sentence that begins with "This", e.g. `creates a key`. */
  action: string
  /** Confirmed in advance: don't ask. */
  yes: boolean
}

/** Sends a line for the person who is waiting. */
export function note(io: Pick<Io, 'notify'>, text: string): void {
  io.notify({ kind: 'note', text })
}

/**
 * Runs work that Ctrl-C stops watching but doesn't stop, and meanwhile
 * announces how to continue.
 */
export async function resumable<result>(
  io: Pick<Io, 'notify'>,
  text: string,
  work: () => Promise<result>,
): Promise<result> {
  io.notify({ kind: 'resume', text })
  try {
    return await work()
  } finally {
    io.notify({ kind: 'resume', text: undefined })
    io.notify({ kind: 'progressEnd' })
  }
}
