import type { Command } from 'commander'
import { repeated } from './repeated.js'
import { examples, type Setup } from './Setup.js'

/** What is done with a ledger's table as a whole. */
export function addLedgerCommands(
  program: Command,
  { terminal, finish }: Setup,
): void {
  const ledger = program
    .command('ledger')
    .description("protect a ledger's table")
  ledger
    .command('protect')
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
        options: {
          stack?: string
          writer?: string[]
          dryRun?: true
          yes?: true
          json?: true
        },
      ) => {
        const { protectLedger } = await import('../commands/ledgerProtect.js')
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
