import { Command } from 'commander'
import { numberOption } from '../../program/numberOption.js'
import { repeated } from '../../program/repeated.js'
import type { Json, Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { DestroyOptions } from './destroyStack.js'

export function destroyCommand({ terminal, finish }: Setup): Command {
  return new Command('destroy')
    .description('take a stack away, its key too, after a look at its funds')
    .option(
      '--stack <name>',
      'name of the stack (default: keyward; in the local home keyward-dev)',
    )
    .option('--rpc-url <url>', 'node to ask (else RPC_URL, ETH_RPC_URL)')
    .option(
      '--token <address>',
      'ask for this token too; may be repeated',
      repeated,
    )
    .option('--also-network <name=url>', 'ask this chain too', repeated)
    .option('--even-with-funds', 'go on though the account is not empty')
    .option('--without-balance-check', 'go on without asking any chain')
    .option(
      '--break-glass-profile <profile>',
      'AWS profile of the role that may delete the key',
    )
    .option(
      '--delete-imported-material',
      'delete imported key material at once',
    )
    .addOption(
      numberOption('--window-days <n>', 'days until KMS destroys the key', {
        min: 7,
        max: 30,
        integer: true,
      }).default(30),
    )
    .option('--keep-logs', "keep the functions' log groups")
    .option('--dry-run', 'show the plan, and do nothing')
    .option('-y, --yes', "don't ask before destroying in AWS")
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nThe key is disabled and scheduled for deletion as the break-glass role; without
its profile everything else is done, and the exit code is 3. Until KMS destroys
the key, keyward key cancel-deletion takes that back. Twice is harmless.

Needs what cdk destroy needs (the CDK's roles), logs:DeleteLogGroup; as the
break-glass role kms:DescribeKey, DisableKey, ScheduleKeyDeletion.${examples(
        'keyward destroy --dry-run',
        'keyward destroy --break-glass-profile break-glass',
        'keyward destroy --stack treasury --rpc-url https://rpc.example.org \\\n      --also-network polygon=https://polygon.example.org --token 0x…',
      )}`,
    )
    .action(
      async (
        options: Unsure<Omit<DestroyOptions, 'token' | 'alsoNetwork'>> & {
          token?: string[]
          alsoNetwork?: string[]
        } & Json,
      ) => {
        const { destroyStack } = await import('./destroyStack.js')
        const { token = [], alsoNetwork = [] } = options
        const result = await destroyStack(terminal, {
          ...options,
          ...{ token, alsoNetwork },
          evenWithFunds: options.evenWithFunds === true,
          withoutBalanceCheck: options.withoutBalanceCheck === true,
          deleteImportedMaterial: options.deleteImportedMaterial === true,
          keepLogs: options.keepLogs === true,
          dryRun: options.dryRun === true,
          yes: options.yes === true,
        })
        await finish(result, options)
      },
    )
}
