import type { Readable, Writable } from 'node:stream'
import type { Io, Style } from '@keyward/toolkit'

type Tty<stream> = stream & { isTTY?: boolean | undefined }

/** The process around a command: results go to stdout, all else to stderr. */
export type Streams = {
  stdin: Tty<Readable>
  stdout: Tty<Writable>
  stderr: Tty<Writable>
  env: Readonly<Record<string, string | undefined>>
}

/** Where commands write. */
export type Output = {
  isTTY?: boolean | undefined
  /** Of a terminal. */
  readonly columns?: number | undefined
  /** Colours, where it shows them. */
  readonly style: Style
  /** Text is made fit for a terminal; bytes go out as they are. */
  write(
    chunk: string | Uint8Array,
    done?: (error?: Error | null) => void,
  ): unknown
}

/** The same, as commands and the operations of the toolkit see it. */
export type Terminal = Pick<Streams, 'stdin' | 'env'> &
  Io & {
    stdout: Output
    stderr: Output
    /** What goes on is one line, and long lists are counted. */
    readonly isFolded: boolean
    /** Shows all of it (`--verbose`). */
    unfold(): void
  }

/** Colours only where a person reads, and never against `NO_COLOR`. */
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
