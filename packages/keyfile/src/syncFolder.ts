import { open } from 'node:fs/promises'

/** Makes a folder's entries survive a power failure, where possible. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // Windows and some network file systems can't sync a folder, but the file
    // itself is synced.
  }
}
