import { Readable, Writable } from 'node:stream'
import { openTerminal } from '../../packages/cli/src/terminal/openTerminal.js'
import type { Terminal } from '../../packages/cli/src/terminal/Terminal.js'

export type TestTerminal = Terminal & {
  /** What was written to stdout and stderr so far. */
  written(): { stdout: string; stderr: string }
}

/** A terminal without a person: standard input as given, output kept. */
export function testTerminal(
  stdin: string | Uint8Array = '',
  env: Record<string, string> = {},
  columns?: number,
): TestTerminal {
  const kept = { stdout: '', stderr: '' }
  const keep = (name: 'stdout' | 'stderr') =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          kept[name] += chunk
          done()
        },
      }),
      { columns },
    )
  const terminal = openTerminal({
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: keep('stdout'),
    stderr: keep('stderr'),
    env,
  })
  return { ...terminal, written: () => ({ ...kept }) }
}
