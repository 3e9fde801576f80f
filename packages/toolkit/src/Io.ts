import type { Prompt } from '@keyward/keyfile'
import type { Target } from './aws/Target.js'
import type { ResourceChange } from './deploy/ResourceChange.js'

/** What an operation needs of whoever runs it: a terminal, a page, a test. */
export type Io = Omit<Prompt, 'notify'> & {
  /** Settings of AWS, `RPC_URL`, `ETH_NETWORK`: as `process.env` has them. */
  env: Readonly<Record<string, string | undefined>>
  /** Tells what happens while it happens. */
  notify(event: Event): void
  /**
   * Asks before something is created or signed outside the local home.
   *
   * @throws ConfirmationError when nobody can be asked, or the answer is no.
   */
  confirm(question: Question): Promise<void>
  /** Finds out before long work whether `confirm` could ask after it. */
  assertAskable(question: Question): void
}

export type Event =
  /** Where the requests go, before the first is sent. */
  | { kind: 'target'; target: Target }
  | { kind: 'note'; text: string }
  /**
   * What is done now, until the next event of this kind or its end. A terminal
   * folds it into one line that counts seconds; elsewhere `line` is written.
   */
  | {
      kind: 'progress'
      text: string
      /** The same as a line of its own; without one it is for terminals only. */
      line?: string
      /** How much is done, of how much. */
      done?: number
      total?: number | undefined
    }
  | { kind: 'progressEnd' }
  /** How to go on if the command is cut off now; undefined when it needs no word. */
  | { kind: 'resume'; text: string | undefined }
  /** A part of what is done has failed; the operation may go on. */
  | { kind: 'failure'; text: string }
  /** What a deployment would change, before it is asked for. */
  | { kind: 'changes'; stack: string; changes: readonly ResourceChange[] }

export type Question = {
  /** Undefined for what reaches no AWS: then the local home is no reason not to ask. */
  target: Target | undefined
  /** Goes on after "This", e.g. `creates a key`. */
  action: string
  /** It is meant: nothing is asked. */
  yes: boolean
}

/** A line for the person who waits. */
export function note(io: Pick<Io, 'notify'>, text: string): void {
  io.notify({ kind: 'note', text })
}

/**
 * Says how to go on while something runs that Ctrl-C would only stop watching.
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
