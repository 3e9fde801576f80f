import type { Result } from '../output/Result.js'
import type { Terminal } from '../terminal/Terminal.js'

/** The flag that every command has. */
export type Json = { json?: true | undefined }

/** As flags come, `true` or not at all, where a run takes `true` or `false`. */
export type Unsure<options> = {
  [name in keyof options as boolean extends options[name]
    ? never
    : name]: options[name]
} & {
  [name in keyof options as boolean extends options[name] ? name : never]?:
    | options[name]
    | undefined
}

/** What the definitions of commands share. */
export type Setup = {
  terminal: Terminal
  /** Prints what a command answers and keeps its exit code. */
  finish(result: Result, options: Json): Promise<void>
}

/** The foot of a help text. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`
}
