import { Command } from 'commander'
import type { Json, Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { stackHelp } from '../../program/stackHelp.js'
import type { StatusOptions } from './showStatus.js'

export function statusCommand({ terminal, finish }: Setup): Command {
  return new Command('status')
    .description('show a stack: key, address, pin, functions, funds')
    .option('--stack <name>', stackHelp)
    .option('--rpc-url <url>', 'node to ask (else RPC_URL, ETH_RPC_URL)')
    .option('--access', 'also tell who may do what with the key')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nWhat you may not see is shown as such. Calls cloudformation:DescribeStacks,
cloudformation:ListStackResources, cloudformation:GetTemplate,
lambda:GetFunctionConfiguration, lambda:GetFunctionConcurrency, kms:DescribeKey,
kms:GetPublicKey or lambda:InvokeFunction; for --access kms:GetKeyPolicy.${examples(
        'keyward status',
        'keyward status --access',
        'keyward status --stack treasury --rpc-url https://rpc.example.org',
        'keyward status --json',
      )}`,
    )
    .action(async (options: Unsure<StatusOptions> & Json) => {
      const { showStatus } = await import('./showStatus.js')
      const access = options.access === true
      await finish(await showStatus(terminal, { ...options, access }), options)
    })
}
