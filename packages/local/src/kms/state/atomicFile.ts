import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { temporarySuffix } from '../../store/atomicFile.js'

// A file is written under a temporary name, synced to disk and then renamed, so
// that a reader always finds either the complete old content or the complete
// new content, even after kill -9.

/** Returns once the content is safe from a power failure. */
export const writeFileAtomic = async (
  path: string,
  content: Uint8Array,
): Promise<void> => {
  const temporary = `${path}.${randomUUID()}${temporarySuffix}`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

export const removeFile = async (path: string): Promise<void> => {
  await rm(path, { force: true })
  await syncFolder(dirname(path))
}

/**
 * Creates the folder, deletes the partial files of a killed process, and lists
 * the complete files.
 */
export const openFolder = (folder: string): string[] => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return readdirSync(folder).filter((name) => {
    if (!name.endsWith(temporarySuffix)) return true
    rmSync(join(folder, name), { force: true })
    return false
  })
}

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
