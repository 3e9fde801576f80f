import { Command } from 'commander'
import type { Json, Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { addLedgerOptions } from '../../program/senderOptions.js'
import type { AdoptOptions } from './adoptTransaction.js'
import { repairPermissions } from './repairPermissions.js'

export function adoptCommand({ terminal, finish }: Setup): Command {
  return addLedgerOptions(
    new Command('adopt')
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
${repairPermissions}${examples(
  'keyward tx adopt 0x5c50… --caller payouts --as order-17',
  "keyward tx adopt 0x5c50… --caller '*' --as order-17 --stack treasury",
)}`,
    )
    .action(async (hash: string, options: Unsure<AdoptOptions> & Json) => {
      const { adoptTransaction } = await import('./adoptTransaction.js')
      const yes = options.yes === true
      await finish(
        await adoptTransaction(terminal, { ...options, hash, yes }),
        options,
      )
    })
}
