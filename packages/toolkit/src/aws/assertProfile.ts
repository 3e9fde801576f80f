import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { InputError, quote } from '@keyward/core/errors'

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
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '')
    for (const [, section = ''] of text.matchAll(/^\s*\[([^\]\n]*)\]/gm))
      if (
        section
          .replace(/^\s*profile\s+/, '')
          .replace(/^["']|["']$/g, '')
          .trim() === profile
      )
        return
  }
  throw new InputError(`${name} ${quote(profile)} is not an AWS profile.`, {
    details: `It is neither in ${quote(files[0] ?? '')} nor in ${quote(files[1] ?? '')}. To list the profiles, run aws configure list-profiles.`,
  })
}
