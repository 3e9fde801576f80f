import type { Command } from 'commander'
import { examples, type Setup } from './Setup.js'
import { addLedgerOptions } from './senderOptions.js'

const permissions = `
By a stack: lambda:InvokeFunction on <stack>-reconciler:admin, which the stack
gives to its administrators. With --ledger: kms:GetPublicKey on the key, GetItem,
BatchGetItem, PutItem, UpdateItem and Query on the table, whose policy must let
you write; GetResourcePolicy if you may.`

/** What an administrator does with a ledger that lacks something. */
export function addRepairCommands(
  tx: Command,
  { terminal, finish }: Setup,
): void {
  addLedgerOptions(
    tx
      .command('repair')
      .description('write down what the chain has and the ledger lacks'),
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
${permissions}${examples(
  'keyward tx repair --stack treasury --dry-run',
  'keyward tx repair --stack treasury',
  'keyward tx repair --ledger my-ledger --key alias/mine --network sepolia',
)}`,
    )
    .action(async (options) => {
      const { txRepair } = await import('../commands/txRepair.js')
      const result = await txRepair(terminal, {
        ...options,
        dryRun: options.dryRun === true,
        yes: options.yes === true,
      })
      await finish(result, options)
    })

  addLedgerOptions(
    tx
      .command('adopt')
      .description('say which request a transaction was that repair found')
      .argument('<hash>', 'its hash'),
  )
    .requiredOption('--caller <alias>', 'whose request it was; see below')
    .requiredOption('--as <key>', "the request's idempotency key")
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText(
      'after',
      `
When the caller repeats that request, it is answered with this transaction and
nothing is paid again. It can't be taken back.

--caller is the alias of the sender through which the request came. For a stack
without callers it is '*', for keyward send --ledger it is cli, and for the
library without a caller '*library'. With another one, the request that is
repeated is paid again.
${permissions}${examples(
  'keyward tx adopt 0x5c50… --caller payouts --as order-17',
  "keyward tx adopt 0x5c50… --caller '*' --as order-17 --stack treasury",
)}`,
    )
    .action(async (hash: string, options) => {
      const { txAdopt } = await import('../commands/txAdopt.js')
      const yes = options.yes === true
      await finish(await txAdopt(terminal, { ...options, hash, yes }), options)
    })
}
