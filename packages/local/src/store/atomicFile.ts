import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { HomeError } from '../HomeError.js'

/** Suffix of a file that is being written. Leftover ones are garbage. */
export const temporarySuffix = '.tmp'

/**
 * Writes a file with mode 0600. A reader always finds the complete old or new
 * content, even after kill -9 or a power failure.
 */
export function writeFileAtomicSync(
  path: string,
  content: string | Uint8Array,
): void {
  const temporary = `${path}.${randomUUID()}${temporarySuffix}`
  try {
    writeSynced(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/** Creates a new file with mode 0600 and syncs it to disk. */
export function writeSynced(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Makes creations, renames and removals in the folder survive a power failure.
 */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * The parsed content of a JSON file, or undefined if it doesn't exist.
 *
 * @throws {HomeError} file-damaged if it is not JSON.
 */
export function readJsonSync(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new HomeError(
      'file-damaged',
      `${path} is not JSON. Restore it from a backup, or start again with --reset.`,
      error,
    )
  }
}
