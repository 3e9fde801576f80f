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
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HomeError } from '../HomeError.js'

/**
 * The suffix of a file that is being written. Leftover files with this suffix
 * are garbage.
 */
export const temporarySuffix = '.tmp'

/**
 * Writes a file with mode 0600. A reader always finds the complete old or new
 * content, even after kill -9 or a power failure.
 */
export function writeFileAtomicSync(
  path: string,
  content: string | Uint8Array,
): void {
  replaceFile(path, (temporary) => writeSynced(temporary, content))
  syncFolder(dirname(path))
}

/**
 * The same without waiting for the disk, for files that a deployment writes
 * dozens of times. A power failure within a tenth of a second may leave the old
 * content or none.
 */
export function writeFileSoonSync(path: string, content: string): void {
  replaceFile(path, (temporary) =>
    writeFileSync(temporary, content, { flag: 'wx', mode: 0o600 }),
  )
  if (soon.has(path)) return
  soon.add(path)
  const sync = async () => {
    soon.delete(path)
    // The file may be gone, or replaced by one that will be synced later.
    for (const written of [path, dirname(path)])
      await syncPath(written).catch(() => {})
  }
  setTimeout(() => void sync(), 100).unref()
}

/** Files that are waiting to be synced. */
const soon = new Set<string>()

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function replaceFile(path: string, write: (temporary: string) => void): void {
  const temporary = `${path}.${randomUUID()}${temporarySuffix}`
  try {
    write(temporary)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
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
 * @throws {HomeError} file-damaged if the content is not JSON.
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
      `${path} is not valid JSON. Restore it from a backup, or start again with --reset.`,
      error,
    )
  }
}
