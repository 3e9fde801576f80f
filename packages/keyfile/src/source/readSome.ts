import { read } from 'node:fs'
import { promisify } from 'node:util'

const readAsync = promisify(read)
const retryMs = 20

/**
 * Reads from a descriptor straight into our own buffer, because streams use
 * memory that nobody zeroes.
 *
 * @returns The number of bytes; 0 at the end.
 */
export async function readSome(
  fd: number,
  buffer: Buffer,
  at: number,
  length = buffer.length - at,
): Promise<number> {
  for (;;)
    try {
      return (await readAsync(fd, buffer, at, length, null)).bytesRead
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Windows signals the end of a pipe this way.
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      // The pipe is non-blocking and its writer isn't done; gpg, for example,
      // may be asking for a password.
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
}

/**
 * Fills a buffer until the end. Returns its full length if there may be more.
 */
export async function readToEnd(fd: number, buffer: Buffer): Promise<number> {
  let length = 0
  while (length < buffer.length) {
    const bytesRead = await readSome(fd, buffer, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return length
}
