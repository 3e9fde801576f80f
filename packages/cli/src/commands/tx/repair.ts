import { define } from '../../program/define.js'
import { dryRun, yes } from '../../program/inputs.js'
import { ledgerInputs } from '../../program/senderInputs.js'
import { repairPermissions } from './repairPermissions.js'

export const repairCommand = define('repair', {
  description: 'record what the chain has and the ledger lacks',
  takes: { ...ledgerInputs, dryRun, yes },
  help: `Compares the ledger with the chain and the pool, shows what the ledger lacks, and
asks. Then it records that and makes the table the account's ledger, so that
requests are accepted again. Signs nothing.

Exit 0: the ledger is complete; 3: not yet, and the output says what to do.
${repairPermissions}`,
  examples: [
    'keyward tx repair --stack treasury --dry-run',
    'keyward tx repair --stack treasury',
    'keyward tx repair --ledger my-ledger --key alias/mine --network sepolia',
  ],
  run: async (terminal, options) =>
    (await import('./repairLedger.js')).repairLedger(terminal, options),
})
