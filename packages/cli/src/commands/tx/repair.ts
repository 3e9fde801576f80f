import { Command } from 'commander'
import type { Json, Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { addLedgerOptions } from '../../program/senderOptions.js'
import type { RepairOptions } from './repairLedger.js'
import { repairPermissions } from './repairPermissions.js'

export function repairCommand({ terminal, finish }: Setup): Command {
  return addLedgerOptions(
    new Command('repair').description(
      'write down what the chain has and the ledger lacks',
    ),
  )
    .option('--dry-run', 'show what would be written, and write nothing')
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText(
      'after',
      `
Compares the ledger with the chain and the pool, shows what the ledger lacks, and
asks. Then it writes it down and makes the table the account's ledger, so that
requests are accepted again. Signs nothing.

Exit 0: the ledger is complete; 3: not yet, and the output says what to do.
${repairPermissions}${examples(
  'keyward tx repair --stack treasury --dry-run',
  'keyward tx repair --stack treasury',
  'keyward tx repair --ledger my-ledger --key alias/mine --network sepolia',
)}`,
    )
    .action(async (options: Unsure<RepairOptions> & Json) => {
      const { repairLedger } = await import('./repairLedger.js')
      const result = await repairLedger(terminal, {
        ...options,
        dryRun: options.dryRun === true,
        yes: options.yes === true,
      })
      await finish(result, options)
    })
}
