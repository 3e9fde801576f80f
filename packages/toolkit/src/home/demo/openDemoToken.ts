import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '@keyward/core/errors'
import type { Pkcs11Options } from '@keyward/core/pkcs11'
import { openToken } from '@keyward/core/pkcs11'

/** Where Debian, Fedora and Homebrew install SoftHSM2's library. */
export const softHsmPlaces = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
]

/**
 * Creates a SoftHSM2 token in a folder, with a key on it.
 *
 * @throws InputError if SoftHSM2 is not installed
 */
export async function openDemoToken(
  folder: string,
): Promise<{ options: Pkcs11Options; keyId: string }> {
  const library = softHsmPlaces.find(existsSync)
  if (library === undefined)
    throw new InputError('The demo on a token needs SoftHSM2.', {
      details:
        'Debian, Ubuntu: sudo apt-get install softhsm2. macOS: brew install softhsm. To use your own token: keyward key create --service pkcs11.',
    })
  const tokens = join(folder, 'tokens')
  await mkdir(tokens, { recursive: true })
  const conf = join(folder, 'softhsm2.conf')
  await writeFile(conf, softHsmConf(tokens))
  // The library reads this variable from the process's environment when it
  // loads.
  process.env.SOFTHSM2_CONF = conf
  const pin = randomBytes(8).toString('hex')
  const officerPin = randomBytes(8).toString('hex')
  execFileSync(
    'softhsm2-util',
    [
      ...['--init-token', '--free', '--label', 'keyward-demo'],
      ...['--so-pin', officerPin, '--pin', pin],
    ],
    { stdio: 'pipe' },
  )
  const options = { library, pin, tokenLabel: 'keyward-demo' }
  const keyId = await openToken(options).createKey({
    label: 'demo',
    isExtractable: false,
  })
  return { options, keyId }
}

/** @param tokens - The folder that contains them. */
export function softHsmConf(tokens: string): string {
  return `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`
}
