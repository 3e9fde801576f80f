import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { InputError, quote } from '@keyward/core/errors'

/** More would hide the message. */
const maxNamed = 12

/**
 * Checks that the AWS settings contain a profile. Looks where the SDK looks,
 * and doesn't call AWS.
 *
 * @throws InputError
 */
export async function assertProfile(
  profile: string,
  name: string,
): Promise<void> {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = process.env
  const files = [
    AWS_CONFIG_FILE ?? join(homedir(), '.aws', 'config'),
    AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), '.aws', 'credentials'),
  ]
  const found = new Set<string>()
  for (const file of files)
    for (const each of profilesIn(await readFile(file, 'utf8').catch(() => '')))
      found.add(each)
  if (found.has(profile)) return
  const known =
    found.size > 0 && found.size <= maxNamed
      ? ` The profiles there are ${[...found].map(quote).join(', ')}.`
      : ' To list the profiles, run aws configure list-profiles.'
  throw new InputError(`${name} ${quote(profile)} is not an AWS profile.`, {
    details: `It is neither in ${quote(files[0] ?? '')} nor in ${quote(files[1] ?? '')}.${known}`,
  })
}

function profilesIn(text: string): string[] {
  return [...text.matchAll(/^\s*\[([^\]\n]*)\]/gm)].map(([, section = '']) =>
    section
      .replace(/^\s*profile\s+/, '')
      .replace(/^["']|["']$/g, '')
      .trim(),
  )
}
