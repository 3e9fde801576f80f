import type { Readable } from 'node:stream'

/** Longer than any request to sign. */
const maxBytes = 8 * 1024 * 1024

const newline = 0x0a

/**
 * Yields the lines of a stream as they arrive, without line ends. A line that
 * is too long is yielded as undefined and is not buffered.
 */
export async function* readLines(
  stream: Readable,
): AsyncGenerator<Uint8Array | undefined> {
  let parts: Buffer[] = []
  let length = 0
  const add = (part: Buffer) => {
    length += part.length
    if (length > maxBytes) parts = []
    else parts.push(part)
  }
  const take = () => {
    const line = length > maxBytes ? undefined : Buffer.concat(parts)
    parts = []
    length = 0
    return line
  }
  for await (const chunk of stream) {
    let rest = Buffer.from(chunk)
    for (let at = rest.indexOf(newline); at >= 0; at = rest.indexOf(newline)) {
      add(rest.subarray(0, at))
      yield take()
      rest = rest.subarray(at + 1)
    }
    if (rest.length > 0) add(rest)
  }
  if (length > 0) yield take()
}
