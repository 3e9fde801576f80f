import { Command } from 'commander'
import { repeated } from '../../program/repeated.js'
import type { Json, Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { ProtectOptions } from './protectLedger.js'

export function protectCommand({ terminal, finish }: Setup): Command {
  return new Command('protect')
    .description('close a table to all but the writers of its ledger')
    .argument('<table>', 'its name')
    .option(
      '--stack <name>',
      'whose functions write to it (default: each stack that uses it)',
    )
    .option(
      '--writer <arn>',
      'who else writes to it; may be repeated',
      repeated,
    )
    .option('--dry-run', 'show what would change, and change nothing')
    .option('-y, --yes', "don't ask before changing AWS")
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `
For a table that no template closes: one that was restored, made by hand, or
given to a stack by --existing-ledger (keyward deploy does it then). Sets the
resource policy, deletion protection and point-in-time recovery. Statements of
the policy that are not Keyward's stay.

Exit 3 when a part is left to another principal. Calls dynamodb:DescribeTable,
GetResourcePolicy, PutResourcePolicy, DescribeContinuousBackups, UpdateTable,
UpdateContinuousBackups; cloudformation:DescribeStacks, ListStackResources,
GetTemplate.${examples(
        'keyward ledger protect treasury-restored --stack treasury',
        'keyward ledger protect payouts --writer arn:aws:iam::123456789012:role/payouts',
        'keyward ledger protect treasury-restored --dry-run',
      )}`,
    )
    .action(
      async (
        table: string,
        options: Unsure<Omit<ProtectOptions, 'table' | 'writer'>> & {
          writer?: string[]
        } & Json,
      ) => {
        const { protectLedger } = await import('./protectLedger.js')
        const { stack, writer = [], dryRun, yes } = options
        const result = await protectLedger(terminal, {
          ...{ table, writer },
          ...(stack !== undefined && { stack }),
          dryRun: dryRun === true,
          yes: yes === true,
        })
        await finish(result, options)
      },
    )
}
