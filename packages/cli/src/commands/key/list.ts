import { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'

export function listCommand({ terminal, finish }: Setup): Command {
  return new Command('list')
    .description('list the secp256k1 signing keys')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nCalls kms:ListKeys, kms:ListAliases, kms:DescribeKey, kms:GetPublicKey.${examples(
        'keyward key list',
        'keyward key list --json',
      )}`,
    )
    .action(async (options: Json) => {
      const { listKeys } = await import('./listKeys.js')
      await finish(await listKeys(terminal), options)
    })
}
