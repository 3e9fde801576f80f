import { Command } from 'commander'
import type { SourceFlags } from '../../program/addSourceOptions.js'
import { addSourceOptions } from '../../program/addSourceOptions.js'
import { repeated } from '../../program/repeated.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { usageError } from '../../program/usageError.js'

type Flags = Partial<SourceFlags> &
  Json & {
    key?: string[]
    publicKey?: string[]
    function?: string[]
    address?: string[]
    challenge?: true
  }

export function verifyCommand({ terminal, finish }: Setup): Command {
  return addSourceOptions(
    new Command('verify')
      .description(
        'prove that keys, files, functions, addresses are one account',
      )
      .option('--key <key>', 'a KMS key: key id, key ARN or alias', repeated)
      .option('--in <file>', 'a private key; - for standard input')
      .option(
        '--public-key <file>',
        'a public key: PEM, DER or hex; - for standard input',
        repeated,
      )
      .option('--function <name>', 'a signer function, by status', repeated)
      .option('--address <address>', 'an address, as from MetaMask', repeated)
      .option('--challenge', 'have each KMS key sign a message, and check it'),
  )
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `
Give at least two things to compare, or a key with --challenge. All but --in can
be given several times. Exits 1 when one differs or does not answer.
Calls kms:GetPublicKey for a key, kms:Sign with --challenge,
lambda:InvokeFunction for a function.${examples(
        'keyward key verify --key alias/treasury --address 0x…',
        'keyward key verify --key alias/treasury --in backup.json --challenge',
        'keyward key verify --public-key public.pem --function treasury-eip1559-signer',
      )}`,
    )
    .action(async (flags: Flags) => {
      const { key = [], publicKey = [], address = [] } = flags
      const { function: functions = [], challenge = false, json } = flags
      const given = [...key, ...publicKey, ...functions, ...address].length
      const things = given + (flags.in === undefined ? 0 : 1)
      if (challenge && key.length === 0)
        usageError(terminal, '--challenge goes with --key.')
      if (things < 2 && !challenge)
        usageError(
          terminal,
          'give at least two of --key, --in, --public-key, --function, ' +
            '--address to compare.',
        )
      const { verifyKeys } = await import('./verifyKeys.js')
      const lists = { key, publicKey, function: functions, address }
      const request = { ...flags, ...lists, challenge }
      await finish(await verifyKeys(terminal, request), json ? { json } : {})
    })
}
