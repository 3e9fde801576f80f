import { Command } from 'commander'
import { keyDefault } from '../../program/keyDefault.js'
import { keyOption } from '../../program/keyOption.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'

export function showCommand({ terminal, finish }: Setup): Command {
  return new Command('show')
    .description('show one key: ARN, state, origin, address')
    .argument('[key]', 'the key')
    .option('--key <key>', 'the key, as in other commands')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `${keyDefault} Calls kms:DescribeKey, kms:ListAliases, kms:GetPublicKey.${examples(
        'keyward key show alias/treasury',
        'keyward key show --json',
      )}`,
    )
    .action(
      async (
        argument: string | undefined,
        options: { key?: string } & Json,
      ) => {
        const { showKey } = await import('./showKey.js')
        const keyId = keyOption(terminal, argument ?? options.key)
        await finish(await showKey(terminal, keyId), options)
      },
    )
}
