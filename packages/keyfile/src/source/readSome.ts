import { read } from 'node:fs'
import { promisify } from 'node:util'

const readAsync = promisify(read)
const retryMs = 20

/**
 * Reads from a descriptor straight into a buffer of ours: what streams read
 * passes through memory that nobody zeroes.
 *
 * @returns How many bytes; 0 at the end.
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
      // How Windows says that a pipe has ended.
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      // A pipe that is not blocking, and its writer is not done: gpg asks for
      // a password first.
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
}

/** Fills a buffer until the end; its length when there may be more. */
export async function readToEnd(fd: number, buffer: Buffer): Promise<number> {
  let length = 0
  while (length < buffer.length) {
    const bytesRead = await readSome(fd, buffer, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return length
}
