import { type FileHandle, open, readFile, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BaseError, quote } from '@keyward/core/errors'
import type { PrivateKey } from '../PrivateKey.js'
import { syncFolder } from '../syncFolder.js'
import { wipe } from '../wipe.js'
import { assertReadsBack } from './assertReadsBack.js'
import { encodeKey } from './encodeKey.js'

export type NewKeyFile = {
  path: string
  format: 'keystore' | 'pkcs8'
  /**
   * Without a password, the file is unencrypted, which is possible only for
   * PKCS#8.
   */
  password: Uint8Array | undefined
}

/**
 * Writes a key to a new file that only its owner may read, syncs it to disk,
 * reads it back and checks that the key is the same. If any step fails, no file
 * remains.
 *
 * @returns Warnings for users.
 * @throws KeyFileNotWrittenError; an existing file is never changed
 */
export async function writeKeyFile(
  key: PrivateKey,
  { path, format, password }: NewKeyFile,
): Promise<string[]> {
  const content = await encodeKey(key, format, password)
  try {
    const handle = await create(path)
    try {
      const warnings = await write(handle, content, path)
      const found = await readFile(path)
      try {
        await assertReadsBack(found, key, password)
      } finally {
        wipe(found)
      }
      return warnings
    } catch (error) {
      await unlink(path).catch(() => {})
      throw new KeyFileNotWrittenError(
        path,
        `could not be written and read back: ${reasonOf(error)}. The file was removed.`,
      )
    }
  } finally {
    wipe(content)
  }
}

/**
 * Checks in advance that the file can be created, before a password is asked
 * for.
 *
 * @throws KeyFileNotWrittenError
 */
export async function assertCreatable(path: string): Promise<void> {
  const handle = await create(path)
  await handle.close()
  await unlink(path)
}

async function create(path: string): Promise<FileHandle> {
  try {
    // Exclusive: fails if a file or symbolic link exists.
    return await open(path, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new KeyFileNotWrittenError(
      path,
      reasons[code ?? ''] ?? `can't be created (${code ?? 'unknown reason'}).`,
    )
  }
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: "already exists and won't be overwritten. Choose another name.",
  ENOENT:
    "is in a folder that doesn't exist. Create the folder first with mkdir -m 700.",
  ENOTDIR: "can't be created, because part of its path is not a folder.",
  EACCES: "is in a folder that you can't write to.",
  EPERM: "is in a folder that you can't write to.",
  EROFS: 'is on a read-only file system.',
  ENOSPC: "doesn't fit on this disk.",
}

async function write(
  handle: FileHandle,
  content: Buffer,
  path: string,
): Promise<string[]> {
  try {
    await handle.writeFile(content)
    await handle.sync()
    const { mode } = await handle.stat()
    await syncFolder(dirname(path))
    const open = process.platform !== 'win32' && (mode & 0o077) !== 0
    return open
      ? [
          `The file system gave ${quote(path)} the mode ${(mode & 0o777).toString(8)}. Other users might be able to read the file.`,
        ]
      : []
  } finally {
    await handle.close()
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof BaseError) return error.shortMessage.replace(/\.$/, '')
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}

/** No key file was created or changed. */
export class KeyFileNotWrittenError extends BaseError {
  override readonly name = 'KeyFileNotWrittenError'

  constructor(path: string, reason: string) {
    super('key-file-not-written', `${quote(path)} ${reason}`, {
      details: 'No key was created.',
    })
  }
}
