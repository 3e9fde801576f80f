import { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { stackHelp } from '../../program/stackHelp.js'

export function freezeCommand({ terminal, finish }: Setup): Command {
  return new Command('freeze')
    .description('emergency stop: no function runs, the key is disabled')
    .option('--stack <name>', stackHelp)
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nAsks nothing; unfreeze takes it back. Every part is tried; exit 3 when one is
left to another principal. Calls lambda:PutFunctionConcurrency (and
GetFunctionConcurrency), kms:DisableKey (and DescribeKey),
cloudformation:DescribeStacks, ListStackResources, GetTemplate.${examples(
        'keyward freeze',
        'keyward freeze --stack treasury --json',
      )}`,
    )
    .action(async (options: { stack?: string } & Json) => {
      const { freezeStack } = await import('./freezeStack.js')
      await finish(await freezeStack(terminal, options), options)
    })
}
