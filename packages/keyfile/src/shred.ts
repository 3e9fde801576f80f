import { randomFillSync } from 'node:crypto'
import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, lstat, open, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BaseError, quote } from '@keyward/core/errors'
import { allocate } from './allocate.js'
import { digestOf, isSameFile, type KeyFile } from './source/KeyFile.js'
import { maxKeyBytes } from './source/maxKeyBytes.js'
import { syncFolder } from './syncFolder.js'
import { wipe } from './wipe.js'

/**
 * Overwrites a key file with random bytes and removes it, but only the exact
 * file that was read. This is a best effort: an SSD, a copy-on-write file
 * system, snapshots and backups may keep the old bytes.
 *
 * @throws ShredError if it is now another file or a symbolic link, has other
 *   names, or can't be written. Unless the message says otherwise, the file is
 *   untouched.
 */
export async function shred(file: KeyFile): Promise<void> {
  const handle = await openToWrite(file.path)
  try {
    const stats = await handle.stat({ bigint: true })
    await assertUnchanged(file, handle, stats)
    await overwrite(handle, Number(stats.size))
    if (!isSameFile(file, await lstat(file.path, { bigint: true })))
      throw new ShredError(
        file.path,
        'was overwritten, but the path now leads to another file, which was ' +
          'kept.',
      )
    await unlink(file.path)
  } catch (error) {
    throw error instanceof ShredError
      ? error
      : new ShredError(
          file.path,
          reasons[codeOf(error)] ?? `could not be shredded (${codeOf(error)}).`,
        )
  } finally {
    await handle.close()
  }
  await syncFolder(dirname(file.path))
}

async function openToWrite(path: string): Promise<FileHandle> {
  try {
    return await open(
      path,
      constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    )
  } catch (error) {
    const code = codeOf(error)
    throw new ShredError(path, reasons[code] ?? `can't be written (${code}).`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no longer exists.',
  ELOOP: 'is a symbolic link. Its target was not changed.',
  EACCES: "can't be overwritten, because you have no write permission.",
  EPERM: "can't be overwritten, because you have no write permission.",
  EROFS: 'is on a read-only file system.',
  EISDIR: 'is a folder.',
}

async function assertUnchanged(
  file: KeyFile,
  handle: FileHandle,
  stats: BigIntStats,
): Promise<void> {
  if (!stats.isFile() || !isSameFile(file, stats))
    throw new ShredError(file.path, 'is not the file that was read.')
  if (stats.nlink !== 1n)
    throw new ShredError(
      file.path,
      `was not shredded: it has ${stats.nlink} hard links, and shredding it would also destroy the content under its other names.`,
      'If the file contains the key, the key is still on this disk. Find the ' +
        'other names (find / -xdev -samefile FILE), and remove all of them.',
    )
  if (!(await hasContent(handle, file)))
    throw new ShredError(file.path, 'has changed since it was read.')
}

async function hasContent(
  handle: FileHandle,
  { digest }: KeyFile,
): Promise<boolean> {
  const buffer = allocate(maxKeyBytes + 1)
  try {
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, undefined, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return digestOf(buffer.subarray(0, length)).equals(digest)
  } finally {
    wipe(buffer)
  }
}

async function overwrite(handle: FileHandle, size: number): Promise<void> {
  const noise = randomFillSync(Buffer.alloc(size))
  for (let at = 0; at < size; ) {
    const { bytesWritten } = await handle.write(noise, at, size - at, at)
    at += bytesWritten
  }
  // Sync before unlinking; otherwise, the new bytes might never reach the disk.
  await handle.sync()
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason'
}

/**
 * A key file was kept because it may not be the one that was read, or can't be
 * overwritten.
 */
export class ShredError extends BaseError {
  override readonly name = 'ShredError'

  constructor(
    path: string,
    reason: string,
    details = 'The key might still be on this disk. Find the file that ' +
      'contains the key, and remove it yourself.',
  ) {
    super('shred-refused', `${quote(path)} ${reason}`, { details })
  }
}
