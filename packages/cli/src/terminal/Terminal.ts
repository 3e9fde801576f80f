import type { Readable, Writable } from 'node:stream'
import type { Io, Style } from '@keyward/toolkit'

type Tty<stream> = stream & { isTTY?: boolean | undefined }

/**
 * The process around a command. Results go to stdout, everything else to
 * stderr.
 */
export type Streams = {
  stdin: Tty<Readable>
  stdout: Tty<Writable>
  stderr: Tty<Writable>
  env: Readonly<Record<string, string | undefined>>
}

/** The output of commands. */
export type Output = {
  isTTY?: boolean | undefined
  /** The width of the terminal. */
  readonly columns?: number | undefined
  /** The colors, if the terminal supports them. */
  readonly style: Style
  /** Text is made safe for a terminal. Bytes are written unchanged. */
  write(
    chunk: string | Uint8Array,
    done?: (error?: Error | null) => void,
  ): unknown
}

/** The terminal as commands and the toolkit's operations see it. */
export type Terminal = Pick<Streams, 'stdin' | 'env'> &
  Io & {
    stdout: Output
    stderr: Output
    /**
     * Whether progress is folded into one line and long lists become counts.
     */
    readonly isFolded: boolean
    /** Stops folding, so that everything is shown (`--verbose`). */
    unfold(): void
  }

/** Uses colors only on a terminal, and never with `NO_COLOR`. */
export function styleFor(
  stream: { isTTY?: boolean | undefined },
  env: Streams['env'],
): Style {
  const on = hasColours(stream, env)
  const wrap = (open: number, close: number) => (text: string) =>
    on ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    bold: wrap(1, 22),
    dim: wrap(2, 22),
    green: wrap(32, 39),
    red: wrap(31, 39),
    yellow: wrap(33, 39),
    cyan: wrap(36, 39),
  }
}

export function hasColours(
  stream: { isTTY?: boolean | undefined },
  env: Streams['env'],
): boolean {
  return (
    stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  )
}
