import type { Command } from 'commander'
import type { Json, Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { createTxCommand } from './createTxCommand.js'
import type { SpeedUpOptions } from './replaceTransaction.js'

export function speedUpCommand({ terminal, finish }: Setup): Command {
  return createTxCommand('speed-up', 'replace it by the same at higher fees')
    .option('--speed <speed>', 'slow, normal or fast (default: fast)')
    .option('--max-fee <wei>', 'most that a unit of gas may cost')
    .option('--gas <limit>', 'gas limit (default: as before)')
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText(
      'after',
      examples(
        'keyward tx speed-up order-17',
        'keyward tx speed-up order-17 --gas 90000',
      ),
    )
    .action(
      async (reference: string, options: Unsure<SpeedUpOptions> & Json) => {
        const { speedUpTransaction } = await import('./replaceTransaction.js')
        const yes = options.yes === true
        const result = await speedUpTransaction(terminal, {
          ...options,
          reference,
          yes,
        })
        await finish(result, options)
      },
    )
}
