import { randomBytes } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'
import { InputError, quote } from '@keyward/core/errors'

/**
 * Writes a file atomically and flushes it to disk.
 *
 * @param options.replace - Whether to replace an existing file.
 * @returns The path.
 * @throws InputError if the file exists or can't be written
 */
export async function writeWholeFile(
  path: string,
  content: string | Uint8Array,
  { mode, replace }: { mode: number; replace: boolean },
): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(draft, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    // Unlike a rename, a link never replaces a file.
    if (replace) await rename(draft, path)
    else await link(draft, path)
    return path
  } catch (error) {
    throw unwritable(path, error)
  } finally {
    await rm(draft, { force: true })
  }
}

function unwritable(path: string, error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code
  return new InputError(`${quote(path)} can't be written.`, {
    details:
      code === 'EEXIST'
        ? 'The file already exists, and existing files are never overwritten. Choose another name.'
        : `Writing failed (${code ?? 'unknown reason'}). Choose a file in an existing folder that you can write to.`,
    cause: error,
  })
}
