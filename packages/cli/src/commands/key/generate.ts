import { InputError } from '@keyward/core/errors'
import { toColumns, usageError } from '@keyward/toolkit'
import { Option } from 'commander'
import { writeOut } from '../../output/Result.js'
import { define } from '../../program/define.js'
import {
  choice,
  defaulting,
  type Input,
  text,
  toggle,
} from '../../program/Input.js'
import { passwordFd } from '../../program/inputs.js'

/** A flag that can't be combined with others. */
const apart = (
  flag: string,
  description: string,
  others: string[],
): Input<boolean> => ({
  declared: new Option(flag, description).conflicts(others),
  read: (typed) => typed === true,
})

export const generateCommand = define('generate', {
  description: 'generate a private key in a file, for import into KMS',
  takes: {
    out: text('--out <file>', 'the new key file; it must not exist yet'),
    stdout: apart('--stdout', 'write the key file to standard output', [
      'out',
      'json',
    ]),
    evenToTerminal: toggle(
      '--even-to-terminal',
      'allow --stdout even if standard output is a terminal',
    ),
    format: defaulting(
      choice(
        '--format <format>',
        'a V3 keystore for geth and MetaMask, or PKCS#8 for OpenSSL',
        ['keystore', 'pkcs8'],
      ),
      'keystore',
    ),
    passwordFd: passwordFd(),
    plain: apart('--plain', 'write PKCS#8 without a password', ['passwordFd']),
  },
  help: `The key comes from the operating system's random number generator. The new file
is readable only by its owner, and is read back before the address is printed.
The command asks for the password twice and doesn't show it. Makes no requests.`,
  examples: [
    'keyward key generate --out account.json',
    'keyward key generate --out account.json --password-fd 3 3< password.txt',
    'keyward key generate --out account.pem --format pkcs8',
    'keyward key generate --stdout --format pkcs8 --plain | age -r age1… > account.age',
  ],
  async run(terminal, options) {
    const { out, plain, format } = options
    if (plain && format === 'keystore')
      usageError(
        '--plain needs --format pkcs8, because a keystore always has a password.',
      )
    const { generateKey, writeNewKey } = await import('@keyward/toolkit/key')
    if (options.stdout) {
      if (terminal.stdout.isTTY === true && !options.evenToTerminal)
        throw new InputError('Standard output is a terminal.', {
          details:
            'A terminal keeps the key in its scrollback. Pass --out FILE, pipe the key into a program, or add --even-to-terminal.',
        })
      await writeNewKey(terminal, options, (content) =>
        writeOut(terminal, content),
      )
      return undefined
    }
    if (out === undefined)
      return usageError('pass --out with a new file, or --stdout.')
    const data = await generateKey(terminal, out, options)
    const form =
      format === 'keystore'
        ? 'V3 keystore (scrypt), for geth and MetaMask'
        : data.encrypted
          ? 'PKCS#8 in PEM, encrypted (PBKDF2, AES-256), for OpenSSL'
          : 'PKCS#8 in PEM, unencrypted'
    return {
      data,
      text: toColumns([
        ['address', data.address],
        ['file', data.file],
        ['format', form],
      ]),
    }
  },
})
