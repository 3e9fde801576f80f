import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InputError, quote } from '@keyward/core/errors'

/**
 * Writes a new file that only its owner may read (0600): whole, on the disk,
 * or not at all. What is there already stays.
 *
 * @returns The path.
 * @throws InputError when the file is there, or can't be written.
 */
export async function writePrivateFile(
  path: string,
  content: string | Uint8Array,
): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    // Unlike rename, a link never replaces a file.
    await link(draft, path)
    return path
  } catch (error) {
    throw unwritable(path, error)
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * @param option - As errors name it, e.g. `--receipt`.
 * @throws InputError when no file can be made at this path.
 */
export async function assertWritableFolder(
  path: string,
  option: string,
): Promise<void> {
  const folder = path === '.' ? path : dirname(path)
  try {
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new InputError(
      `${option}: nothing can be written to ${quote(folder)}.`,
      {
        details: 'Give a file in a folder that is there and is yours to write.',
        cause: error,
      },
    )
  }
}

function unwritable(path: string, error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code
  return new InputError(`${quote(path)} can't be written.`, {
    details:
      code === 'EEXIST'
        ? 'It is there already, and is never written over.'
        : `Writing failed (${code ?? 'unknown reason'}).`,
    cause: error,
  })
}
