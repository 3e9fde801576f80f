import { Command } from 'commander'
import { keyDefault } from '../../program/keyDefault.js'
import { keyOption } from '../../program/keyOption.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'

export function addressCommand({ terminal, finish }: Setup): Command {
  return new Command('address')
    .description("print a key's Ethereum address")
    .argument('[key]', 'the key')
    .option('--key <key>', 'the key, as in other commands')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `${keyDefault} Calls kms:GetPublicKey.${examples(
        'keyward key address alias/treasury',
        'keyward key address --json',
      )}`,
    )
    .action(
      async (
        argument: string | undefined,
        options: { key?: string } & Json,
      ) => {
        const { keyAddress } = await import('./readKeyAddress.js')
        const keyId = keyOption(terminal, argument ?? options.key)
        await finish(await keyAddress(terminal, keyId), options)
      },
    )
}
