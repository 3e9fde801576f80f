import { Command } from 'commander'
import { repeated } from '../../program/repeated.js'
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
    .option('--aws', 'look at the account instead, before a deployment')
    .option('--settings <file>', 'with --aws: of that deployment, as JSON')
    .option('-c, --context <name=value>', 'with --aws: the same', repeated)
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nExit 0: all is well; 1: something needs somebody. Changes nothing. Calls what
keyward status does, lambda:InvokeFunction on <stack>-sender:status, and of the ledger
dynamodb:DescribeTable, GetResourcePolicy, DescribeContinuousBackups.

With --aws: whether the account is bootstrapped, and under which qualifier; the
quota; whether the topic takes what it is told; whether all who are named exist.
It calls cloudformation:DescribeStacks and GetTemplate, lambda:GetAccountSettings,
sns:GetTopicAttributes, iam:GetRole and GetUser; what you may not see is --.${examples(
        'keyward doctor',
        'keyward doctor --stack treasury --caller payouts --json',
        'keyward doctor --aws --settings treasury.json --stack treasury',
      )}`,
    )
    .action(async (options: DoctorOptions & Json) => {
      const { examineStack } = await import('./examineStack.js')
      await finish(await examineStack(terminal, options), options)
    })
}
