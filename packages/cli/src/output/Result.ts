import { wrapLines } from '@keyward/toolkit'
import type { Terminal } from '../terminal/Terminal.js'

/** What a command answers: data for `--json`, and the same for people. */
export type Result<data = unknown> = {
  data: data
  text: string
  /**
   * 1 when the answer is "no", as for an invalid signature; 3 when a part is
   * left that another principal has to do. Default 0.
   */
  exitCode?: 0 | 1 | 3
  /** The text is for a program: no line of it is broken to fit a terminal. */
  isVerbatim?: boolean
}

/**
 * Prints a result: one JSON line with `--json`, otherwise the text. Characters
 * that do not show leave as `\u` escapes, which JSON reads as the same.
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
 * Settles when the bytes have left, so that a pipe gets the whole of them
 * before the process ends, and a slow reader slows the writer down.
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
