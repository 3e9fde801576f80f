import { Command } from 'commander'
import type { Json, Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import {
  addNewLedgerOption,
  addSenderOptions,
  permissions,
  timeout,
} from '../../program/senderOptions.js'
import { usageError } from '../../program/usageError.js'
import type { SendOptions } from './sendTransaction.js'

export function sendCommand({ terminal, finish }: Setup): Command {
  return addNewLedgerOption(
    addSenderOptions(
      new Command('send').description(
        'send a transaction once, and wait until it is mined',
      ),
    ),
  )
    .option('--to <address>', 'who gets it')
    .option('--amount <ether>', "of the chain's own currency, such as 0.1")
    .option('--value-wei <wei>', 'in its place')
    .option(
      '--data <hex>',
      'call data; without --to, code that creates a contract',
    )
    .option('--gas <limit>', 'gas limit (default: estimated, with a margin)')
    .option('--speed <speed>', 'slow, normal or fast (default: normal)')
    .option('--max-fee <wei>', 'most that a unit of gas may cost')
    .option('--max-priority-fee <wei>', 'most of it for the block producer')
    .option('--exact-fee', 'pay --max-fee exactly: the tip takes what is left')
    .option('--valid-until <time>', 'nothing is signed after it (UTC)')
    .option('--idempotency-key <key>', 'the same key sends once (default: new)')
    .option(
      '--not-a-repeat',
      'send it although keyward tx repair found one that does the same',
    )
    .option('--no-wait', "don't wait for the block")
    .addOption(timeout())
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText(
      'after',
      `\nExit 0: mined and succeeded; 1: it ended otherwise; 3: still on its way.
${permissions}${examples(
  'keyward send --to 0x7099…79C8 --amount 0.1',
  'keyward send --stack treasury --caller payouts --to 0x7099…79C8 --amount 0.1 --idempotency-key order-17',
  'keyward send --ledger my-ledger --key alias/mine --network sepolia --to 0x7099…79C8 --amount 0.1',
)}`,
    )
    .action(
      async (
        options: Unsure<Omit<SendOptions, 'wait'>> & Json & { wait: boolean },
      ) => {
        if (options.to === undefined && options.data === undefined)
          usageError(
            terminal,
            'give --to with an address, or --data alone to create a contract.',
          )
        const { sendTransaction } = await import('./sendTransaction.js')
        const result = await sendTransaction(terminal, {
          ...options,
          dryRun: options.dryRun === true,
          yes: options.yes === true,
        })
        await finish(result, options)
      },
    )
}
