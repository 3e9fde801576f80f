import type { Prompt } from '@keyward/keyfile'
import type { Target } from './aws/Target.js'
import type { ResourceChange } from './deploy/ResourceChange.js'

/**
 * What an operation needs from its runner: a terminal, a web page or a test.
 */
export type Io = Omit<Prompt, 'notify'> & {
  /** AWS settings, `RPC_URL` and `ETH_NETWORK`, as in `process.env`. */
  env: Readonly<Record<string, string | undefined>>
  /** Reports events as they happen. */
  notify(event: Event): void
  /**
   * Asks before anything is created or signed outside the local home.
   *
   * @throws ConfirmationError if nobody can be asked or the answer is no
   */
  confirm(question: Question): Promise<void>
  /** Checks before long work that `confirm` will be able to ask afterwards. */
  assertAskable(question: Question): void
}

export type Event =
  /** Where requests go, sent before the first one. */
  | { kind: 'target'; target: Target }
  | { kind: 'note'; text: string }
  /**
   * The current step, until it ends or the next event of this kind. A terminal
   * folds these events into one line with a seconds counter; other outputs
   * print `line`.
   */
  | {
      kind: 'progress'
      text: string
      /**
       * The step as a separate line. A step without one shows only on
       * terminals.
       */
      line?: string
      /** How much is done, out of how much. */
      done?: number
      total?: number | undefined
    }
  | { kind: 'progressEnd' }
  /**
   * How to continue if the command is interrupted now; undefined if there is
   * nothing to say.
   */
  | { kind: 'resume'; text: string | undefined }
  /** Part of the work failed; the operation may continue. */
  | { kind: 'failure'; text: string }
  /** What a deployment would change, sent before the confirmation. */
  | { kind: 'changes'; stack: string; changes: readonly ResourceChange[] }

export type Question = {
  /**
   * Undefined if AWS is not involved: the local home is then no reason to skip
   * the question.
   */
  target: Target | undefined
  /** Follows "This", e.g. `creates a key`. */
  action: string
  /** Confirmed in advance: don't ask. */
  yes: boolean
}

/** Sends a line for the person who waits. */
export function note(io: Pick<Io, 'notify'>, text: string): void {
  io.notify({ kind: 'note', text })
}

/**
 * Tells how to continue, while something runs that Ctrl-C would stop watching
 * but not stop.
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
