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

/** The same, as the operations of the toolkit see it. */
export type Terminal = Streams & Io

/** Colours only where a person reads, and never against `NO_COLOR`. */
export function styleFor(
  stream: { isTTY?: boolean | undefined },
  env: Streams['env'],
): Style {
  const on =
    stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  const wrap = (open: number, close: number) => (text: string) =>
    on ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    bold: wrap(1, 22),
    dim: wrap(2, 22),
    green: wrap(32, 39),
    red: wrap(31, 39),
  }
}
