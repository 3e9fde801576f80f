import { wrapLines } from '@keyward/toolkit'
import type { Terminal } from '../terminal/Terminal.js'

/** A command's result: data for `--json`, and the same as text for users. */
export type Result<data = unknown> = {
  data: data
  text: string
  /**
   * 1 if the answer is "no", as for an invalid signature; 3 if another
   * principal must do the rest. Default 0.
   */
  exitCode?: 0 | 1 | 3
  /**
   * Whether the text is for a program, in which case lines are not wrapped to
   * fit a terminal.
   */
  isVerbatim?: boolean
}

/**
 * Prints a result: one line of JSON with `--json`, otherwise the text.
 * Invisible characters are written as `\u` escapes, which mean the same in
 * JSON.
 */
export async function printResult(
  terminal: Terminal,
  result: Result,
  json: boolean,
): Promise<void> {
  const { columns } = terminal.stdout
  const out = json
    ? JSON.stringify(result.data, bigintAsString)
    : wrapLines(result.text, result.isVerbatim ? undefined : columns)
  await writeOut(terminal, `${out}\n`)
}

/**
 * Settles once the bytes are written, so that a pipe gets all of them before
 * the process ends, and a slow reader slows down the writer.
 */
export function writeOut(
  { stdout }: Terminal,
  chunk: string | Uint8Array,
): Promise<void> {
  return new Promise((resolve, reject) => {
    stdout.write(chunk, (error) => (error ? reject(error) : resolve()))
  })
}

function bigintAsString(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
