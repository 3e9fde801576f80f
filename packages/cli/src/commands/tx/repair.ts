import { define } from '../../program/define.js'
import { dryRun, yes } from '../../program/inputs.js'
import { ledgerInputs } from '../../program/senderInputs.js'
import { repairPermissions } from './repairPermissions.js'

export const repairCommand = define('repair', {
  description: 'record transactions that are missing from the ledger',
  takes: { ...ledgerInputs, dryRun, yes },
  help: `Compares the ledger with the chain and the pool, shows what the ledger is missing,
and asks for confirmation. Then it records the missing transactions and makes
the table the account's ledger, so requests are accepted again. Signs nothing.

Exit code 0: the ledger is complete; 3: not yet, and the output says what to do.
${repairPermissions}`,
  examples: [
    'keyward tx repair --stack treasury --dry-run',
    'keyward tx repair --stack treasury',
    'keyward tx repair --ledger my-ledger --key alias/mine --network sepolia',
  ],
  async run(terminal, options) {
    const { Repair, repairLedger } = await import('@keyward/toolkit/send')
    const { plan, done } = await repairLedger(terminal, options)
    if (done === undefined)
      return {
        data: plan,
        text: `${Repair.format(plan)}\n\nNothing was written: this was a dry run.`,
      }
    return {
      data: done,
      text: Repair.formatEnd(done, options),
      exitCode: done.complete ? 0 : 3,
    }
  },
})
