import type { Result } from '../output/Result.js'
import type { Terminal } from '../terminal/Terminal.js'

/** What the definitions of commands share. */
export type Setup = {
  terminal: Terminal
  /** Prints what a command answers and keeps its exit code. */
  finish(result: Result, json: boolean): Promise<void>
}
