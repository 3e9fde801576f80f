import type { Result } from '../output/Result.js'
import type { Terminal } from '../terminal/Terminal.js'

/** What the definitions of commands share. */
export type Setup = {
  terminal: Terminal
  /** Prints what a command answers and keeps its exit code. */
  finish(result: Result, options: { json?: true }): Promise<void>
}

/** The foot of a help text. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`
}
