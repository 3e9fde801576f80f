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

/** Ending of a file that is being written; one left over is rubbish. */
export const temporarySuffix = '.tmp'

/**
 * Writes a file of mode 0600 so that a reader finds the old content or
 * the new, whole, also after kill -9 or a power cut.
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

/** Creates a new file of mode 0600 and forces it to disk. */
export function writeSynced(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes creations, renames and removals in the folder survive a power cut. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * The parsed content of a JSON file, or undefined if there is none.
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
      `${path} is not JSON. Restore it from a backup, or start anew with --reset.`,
      error,
    )
  }
}
