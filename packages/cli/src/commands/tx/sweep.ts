import { Command } from 'commander'
import type { Json, Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import {
  addNewLedgerOption,
  addSenderOptions,
  permissions,
  timeout,
} from '../../program/senderOptions.js'
import type { SweepOptions } from './sweepAccount.js'

export function sweepCommand({ terminal, finish }: Setup): Command {
  return addNewLedgerOption(
    addSenderOptions(
      new Command('sweep').description(
        'move all that an account has: tokens, then the rest',
      ),
    ),
  )
    .requiredOption('--to <address>', 'who gets everything')
    .option('--token <address...>', 'tokens to look for beside the usual ones')
    .option('--skip <address...>', 'tokens that stay')
    .option('--max-fee <wei>', 'most that a unit of gas may cost')
    .addOption(timeout())
    .option('--dry-run', 'show the plan, and send nothing')
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText(
      'after',
      `
Tells a plan first. The chain's own currency goes last and whole, but for its
fee; while a token is left it stays, since it pays for moving that. When it is
cut off, run it again: it goes on.

Exit 0: all is moved; 1: refused or failed; 3: in part, or still on its way.
${permissions}${examples(
  'keyward sweep --to 0x7099…79C8 --dry-run',
  'keyward sweep --to 0x7099…79C8',
  'keyward sweep --stack treasury --to 0x7099…79C8 --token 0x6B17…1d0F',
)}`,
    )
    .action(async (options: Unsure<SweepOptions> & Json) => {
      const { sweepAccount } = await import('./sweepAccount.js')
      const result = await sweepAccount(terminal, {
        ...options,
        dryRun: options.dryRun === true,
        yes: options.yes === true,
      })
      await finish(result, options)
    })
}
