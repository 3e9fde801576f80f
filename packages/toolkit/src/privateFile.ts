import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InputError, quote } from '@keyward/core/errors'
import { writeWholeFile } from './wholeFile.js'

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
  return writeWholeFile(path, content, { mode: 0o600, replace: false })
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
    throw new InputError(`${option}: can't write to ${quote(folder)}.`, {
      details: 'Name a file in an existing folder that you can write to.',
      cause: error,
    })
  }
}
