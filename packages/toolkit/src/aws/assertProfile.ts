import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
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
  const files = {
    config: AWS_CONFIG_FILE || '~/.aws/config',
    credentials: AWS_SHARED_CREDENTIALS_FILE || '~/.aws/credentials',
  }
  const read = (path: string) =>
    readFile(path.replace(/^~(?=\/)/, homedir()), 'utf8').catch(() => '')
  const found = new Set([
    // A section `profile a` is read as `profile.a`.
    ...sectionsIn(await read(files.config)).flatMap((section) =>
      section === 'default' || section.startsWith('profile.')
        ? [section.replace(/^profile\./, '')]
        : [],
    ),
    ...sectionsIn(await read(files.credentials)),
  ])
  if (found.has(profile)) return
  const known =
    found.size > 0 && found.size <= maxNamed
      ? ` The profiles there are ${[...found].map(quote).join(', ')}.`
      : ' To list the profiles, run aws configure list-profiles.'
  throw new InputError(`${name} ${quote(profile)} is not an AWS profile.`, {
    details: `It is neither in ${quote(files.config)} nor in ${quote(files.credentials)}.${known}`,
  })
}

/**
 * The sections that the AWS SDK reads from one of these files: those with a
 * setting (parseIni in its shared-ini-file-loader).
 */
function sectionsIn(text: string): string[] {
  const found = new Set<string>()
  let section: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const [content = ''] = line.split(/(?:^|\s)[;#]/)
    const [, name] = /^\[(.*)\]$/.exec(content.trim()) ?? []
    if (name !== undefined) section = toSection(name)
    else if (section !== undefined && /^[^=]+=/.test(content.trim()))
      found.add(section)
  }
  // The SDK refuses the whole file.
  return /^\s*\[(?:profile )?__proto__\]/m.test(text) ? [] : [...found]
}

/** Undefined for a section of an unknown type. */
function toSection(name: string): string | undefined {
  const [, type, , rest] =
    /^([\w-]+)\s(["'])?([\w@+.%:/-]+)\2$/.exec(name) ?? []
  if (type === undefined) return name || undefined
  const isKnown = ['profile', 'sso-session', 'services'].includes(type)
  return isKnown ? `${type}.${rest}` : undefined
}
