import { readFile } from 'node:fs/promises'
import { InputError, quote } from '@keyward/core/errors'
import { reason } from '../readInput.js'
import type { Settings } from './Settings.js'

/**
 * The setting for a safe file, after reading and checking it.
 *
 * @throws InputError, InvalidRequestError
 */
export async function read(path: string | undefined): Promise<Settings> {
  if (path === undefined) return {}
  let json: unknown
  try {
    json = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(`--safe-file ${quote(path)} can't be read.`, {
      details: `${code === undefined ? 'The file is not JSON.' : reason(error)} Pass a file written by keyward safe create or keyward safe adopt.`,
    })
  }
  const { SafeFile } = await import('@keyward/safe')
  return { safe: JSON.stringify(SafeFile.toJson(SafeFile.fromJson(json))) }
}
