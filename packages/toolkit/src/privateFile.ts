import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InputError, quote } from '@keyward/core/errors'
import { writeWholeFile } from './wholeFile.js'

/**
 * Writes a new file atomically and flushes it to disk, readable only by its
 * owner (0600). Never overwrites an existing file.
 *
 * @returns The path.
 * @throws InputError if the file exists or can't be written
 */
export async function writePrivateFile(
  path: string,
  content: string | Uint8Array,
): Promise<string> {
  return writeWholeFile(path, content, { mode: 0o600, replace: false })
}

/**
 * @param option - The flag to name in errors, e.g. `--receipt`.
 * @throws InputError if no file can be created at this path
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
      `${option}: no file can be created in the folder ${quote(folder)}.`,
      {
        details: 'Choose a file in an existing folder that you can write to.',
        cause: error,
      },
    )
  }
}
