import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { InputError, quote } from '@keyward/core/errors'
import { allocate, copyOf } from '../allocate.js'
import type { Prompt } from '../Prompt.js'
import { wipe } from '../wipe.js'
import { describeFile, type KeyFile } from './KeyFile.js'
import { maxKeyBytes } from './maxKeyBytes.js'
import { readToEnd } from './readSome.js'
import { readStandardInput } from './readStandardInput.js'

export type KeySource = {
  /** The bytes of the key file. The reader of the key zeroes them. */
  bytes: Buffer
  warnings: string[]
  /** Undefined for standard input and pipes. */
  file: KeyFile | undefined
}

/**
 * Reads the bytes of a key file, or standard input for `-`, without leaving
 * copies in memory. It also reads pipes, such as `<(gpg -d key.gpg)`.
 *
 * @throws InputError if the file doesn't exist or can't be a key file.
 */
export async function readKeySource(
  prompt: Prompt,
  path: string,
): Promise<KeySource> {
  if (path === '-')
    return {
      bytes: await readStandardInput(prompt),
      warnings: [],
      file: undefined,
    }
  const handle = await openFile(path)
  try {
    const stats = await handle.stat({ bigint: true })
    assertReadable(stats, path)
    const bytes = await readAll(handle, path)
    if (bytes.length === 0)
      throw new InputError(`The key file ${quote(path)} is empty.`, {
        details: stats.isFIFO()
          ? 'The file is a pipe, and the writer sent nothing.'
          : 'Is this the right file? If so, use the backup.',
      })
    return {
      bytes,
      warnings: warningsFor(stats, path),
      file: stats.isFile() ? describeFile(path, stats, bytes) : undefined,
    }
  } finally {
    await handle.close()
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // A pipe without a writer would block forever.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(`The key file ${quote(path)} can't be read.`, {
      details: `${reasons[code ?? ''] ?? `Opening the file failed (${code ?? 'unknown reason'}).`} Pass a file, or - for standard input.`,
    })
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'The file does not exist.',
  EACCES: 'Permission is denied.',
  EPERM: 'Permission is denied.',
  ELOOP: "The path's symbolic links form a loop.",
  ENOTDIR: 'A part of the path is not a folder.',
  ENAMETOOLONG: 'The path is too long. Did you pass the key itself?',
  ENXIO: 'The path leads to a socket.',
}

function assertReadable(stats: BigIntStats, path: string): void {
  if (stats.isFile() || stats.isFIFO()) return
  throw new InputError(`The key file ${quote(path)} is not a regular file.`, {
    details: `The path leads to a ${stats.isDirectory() ? 'folder' : 'device or socket'}. Pass a file, or - for standard input.`,
  })
}

async function readAll(handle: FileHandle, path: string): Promise<Buffer> {
  const buffer = allocate(maxKeyBytes + 1)
  try {
    const length = await readToEnd(handle.fd, buffer)
    if (length > maxKeyBytes)
      throw new InputError(
        `The key file ${quote(path)} has more than ${maxKeyBytes} bytes.`,
        { details: 'No key is that long. Is this the right file?' },
      )
    return copyOf(buffer.subarray(0, length))
  } catch (error) {
    if (error instanceof InputError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(`The key file ${quote(path)} can't be read.`, {
      details: `Reading failed (${code ?? 'unknown reason'}).`,
    })
  } finally {
    wipe(buffer)
  }
}

function warningsFor(stats: BigIntStats, path: string): string[] {
  if (process.platform === 'win32' || !stats.isFile()) return []
  const others = stats.mode & 0o077n
  return others === 0n
    ? []
    : [
        `The key file ${quote(path)} can be read or changed by other users of this machine (mode ${(stats.mode & 0o777n).toString(8)}). Run chmod 600 on the file.`,
      ]
}
