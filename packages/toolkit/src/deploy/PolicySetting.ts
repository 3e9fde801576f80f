import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { InputError, quote } from '@keyward/core/errors'
import { reason } from '../readInput.js'
import type { Settings } from './SettingValues.js'

/**
 * The settings for a policy file, after reading and checking it. `none` removes
 * the policy.
 *
 * @throws InputError if the file can't be read; PolicySyntaxError or
 * InvalidRequestError if its content is invalid
 */
export async function read(
  given: string | undefined,
  flag = '--policy',
): Promise<Settings> {
  if (given === undefined) return {}
  if (given === 'none')
    return { policy: '', policySha256: '', existingGuardTable: '' }
  const path = resolve(given)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new InputError(`${flag} ${quote(given)} can't be read.`, {
      details: `${reason(error)} Pass a policy file (keyward policy init writes one), or the word none.`,
      cause: error,
    })
  }
  const { parsePolicy } = await import('@keyward/guard')
  parsePolicy(text)
  const policySha256 = createHash('sha256').update(text).digest('hex')
  return { policy: path, policySha256 }
}
