import { Command } from 'commander'
import { repeated } from '../../program/repeated.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { ScpOptions } from './makeScp.js'

export function scpCommand({ finish }: Setup): Command {
  return new Command('scp')
    .description('print the service control policy for an organisation')
    .option('--restore-role <arn>', 'restores and protects ledgers')
    .option('--ledger-writer <arn>', 'writes a ledger, too', repeated)
    .option('--table <name>', "a ledger's that no stack made", repeated)
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nIt keeps everybody but CDK's CloudFormation role from the functions, their roles
and the ledgers. Attach it to the account in AWS Organizations. Calls nothing.${examples(
        'keyward access scp > scp.json',
        'keyward access scp --restore-role arn:aws:iam::123456789012:role/restore',
      )}`,
    )
    .action(async (flags: Partial<ScpOptions> & Json) => {
      const { accessScp } = await import('./makeScp.js')
      const { restoreRole, ledgerWriter = [], table = [] } = flags
      const result = accessScp({
        ...{ ledgerWriter, table },
        ...(restoreRole !== undefined && { restoreRole }),
      })
      await finish(result, flags)
    })
}
