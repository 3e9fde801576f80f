import { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { DoctorOptions } from './examineStack.js'

export function doctorCommand({ terminal, finish }: Setup): Command {
  return new Command('doctor')
    .description('look at all that sending needs, and say what to do')
    .option(
      '--stack <name>',
      'which (default: keyward; in the local home keyward-dev)',
    )
    .option('--caller <alias>', 'alias of the sender that is yours')
    .option('--rpc-url <url>', 'your node (else RPC_URL, ETH_RPC_URL)')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nExit 0: all is well; 1: something needs somebody. Changes nothing. Calls what
keyward status does, lambda:InvokeFunction on <stack>-sender, and of the ledger
dynamodb:DescribeTable, GetResourcePolicy, DescribeContinuousBackups.${examples(
        'keyward doctor',
        'keyward doctor --stack treasury --caller payouts --json',
      )}`,
    )
    .action(async (options: DoctorOptions & Json) => {
      const { examineStack } = await import('./examineStack.js')
      await finish(await examineStack(terminal, options), options)
    })
}
