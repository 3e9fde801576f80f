import { usageError } from '@keyward/toolkit'
import type { Compared, Verification } from '@keyward/toolkit/key'
import { define } from '../../program/define.js'
import { list, text, toggle } from '../../program/Input.js'
import { parseAddress } from '../../program/parsers.js'
import { sourceInputs } from '../../program/sourceInputs.js'
import { serviceInputs, serviceToken } from '../../program/tokenInputs.js'
import type { Terminal } from '../../terminal/Terminal.js'

export const verifyCommand = define('verify', {
  description:
    'check that keys, files, functions and addresses belong together',
  takes: {
    keys: list(
      '--key <key>',
      "a KMS key: key id, key ARN or alias; with --service pkcs11, a token's key",
    ),
    in: text('--in <file>', 'a private key; - for standard input'),
    publicKeys: list(
      '--public-key <file>',
      'a public key: PEM, DER or hex; - for standard input',
    ),
    functions: list(
      '--function <name>',
      'a signer function, asked through its alias status',
    ),
    addresses: list(
      '--address <address>',
      'an address, for example from MetaMask',
      async (name, flag) => ({
        name,
        address: await parseAddress(name, flag),
      }),
    ),
    challenge: toggle(
      '--challenge',
      'have each key sign, and check the signature',
    ),
    ...sourceInputs,
    ...serviceInputs,
  },
  help: `Pass at least two things to compare, or a key with --challenge. You can repeat
every flag except --in. Exit code 1: one of the things differs or does not
answer.
Calls kms:GetPublicKey for a key, kms:Sign with --challenge, and
lambda:InvokeFunction for a function.`,
  examples: [
    'keyward key verify --key alias/treasury --address 0x…',
    'keyward key verify --key alias/treasury --in backup.json --challenge',
    'keyward key verify --public-key public.pem --function treasury-eip1559-signer',
    'keyward key verify --service pkcs11 --key treasury --address 0x… --challenge',
  ],
  async run(terminal, options) {
    const token = serviceToken(terminal, options)
    const { keys, publicKeys, functions, addresses, challenge } = options
    const things = [keys, publicKeys, functions, addresses].flat().length
    if (challenge && keys.length === 0) usageError('--challenge needs --key.')
    if (things + (options.in === undefined ? 0 : 1) < 2 && !challenge)
      usageError(
        'pass at least two of --key, --in, --public-key, --function and ' +
          '--address to compare, or --key with --challenge.',
      )
    const { verifyKeys } = await import('@keyward/toolkit/key')
    const data = await verifyKeys(terminal, { ...options, token })
    return {
      data,
      text: verificationText(terminal, data),
      exitCode: data.agree ? 0 : 1,
    }
  },
})

function verificationText(
  terminal: Terminal,
  { compared, agree, address }: Verification,
): string {
  const { green, red } = terminal.stdout.style
  const width = Math.max(...compared.map(({ name }) => name.length))
  const rows = compared.map((each) => {
    const verdict = verdictOf(each)
    const paint = verdict.startsWith('agrees') ? green : red
    return [
      paint(verdict) + ' '.repeat(Math.max(0, 14 - verdict.length)),
      ...[each.kind.padEnd(10), each.name.padEnd(width)],
      ...[each.address ?? '', each.problem ?? ''],
    ]
      .join('  ')
      .trimEnd()
  })
  const sum = agree
    ? `All belong to ${address}.`
    : address === null
      ? 'The above belong to different accounts.'
      : `Not all of the above are known to belong to ${address}.`
  return [...rows, sum].join('\n')
}

function verdictOf({ agrees, address, problem, challengeSigned }: Compared) {
  if (address === null) return 'NO ANSWER'
  if (agrees !== true) return 'DIFFERS'
  if (problem !== undefined) return 'NOT PROVEN'
  return challengeSigned === true ? 'agrees, signed' : 'agrees'
}
