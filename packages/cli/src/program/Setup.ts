import type { Result } from '../output/Result.js'
import type { Terminal } from '../terminal/Terminal.js'

/** The context that the command definitions share. */
export type Setup = {
  terminal: Terminal
  /** Prints a command's result and stores its exit code. */
  finish(result: Result, json: boolean): Promise<void>
}
