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
 * Overwrites a key file with random bytes and removes it: exactly the file
 * that was read, or nothing. Best effort: an SSD, a file system that copies on
 * write, snapshots and backups may keep the old bytes.
 *
 * @throws ShredError when it is another file by now, a symbolic link, has
 *   other names, or can't be written. Unless the message says otherwise, it is
 *   untouched then.
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
        'was overwritten, but the path leads to another file by now, which stays.',
      )
    await unlink(file.path)
  } catch (error) {
    throw error instanceof ShredError
      ? error
      : new ShredError(file.path, `could not be shredded (${codeOf(error)}).`)
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
  ENOENT: 'is gone already.',
  ELOOP: 'is a symbolic link: what it leads to stays as it is.',
  EACCES: "may not be written by you, so it can't be overwritten.",
  EPERM: "may not be written by you, so it can't be overwritten.",
  EROFS: 'lies on a file system that is read only.',
  EISDIR: 'is a folder.',
}

async function assertUnchanged(
  file: KeyFile,
  handle: FileHandle,
  stats: BigIntStats,
): Promise<void> {
  if (!stats.isFile() || !isSameFile(file, stats))
    throw new ShredError(
      file.path,
      'is another file than the one that was read.',
    )
  if (stats.nlink !== 1n)
    throw new ShredError(
      file.path,
      `has ${stats.nlink} names (hard links): the others would lose it too.`,
    )
  if (!(await hasContent(handle, file)))
    throw new ShredError(file.path, 'was changed since it was read.')
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
  // Before it is unlinked, or the old bytes would be all that ever got there.
  await handle.sync()
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason'
}

/** A key file that stays, because it is not surely the one that was read. */
export class ShredError extends BaseError {
  override readonly name = 'ShredError'

  constructor(path: string, reason: string) {
    super('shred-refused', `${quote(path)} ${reason}`, {
      details:
        'The key may still lie on this disk. Look at the file, and remove it yourself.',
    })
  }
}
