import type { SenderOptions } from '@keyward/toolkit/send'
import type { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { createTxCommand } from './createTxCommand.js'

export function cancelCommand({ terminal, finish }: Setup): Command {
  return createTxCommand(
    'cancel',
    'stop it; what is signed is replaced by nothing',
  )
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText('after', examples('keyward tx cancel order-17'))
    .action(async (reference: string, options: SenderOptions & Json) => {
      const { cancelTransaction } = await import('./replaceTransaction.js')
      const yes = options.yes === true
      const result = await cancelTransaction(terminal, {
        ...options,
        reference,
        yes,
      })
      await finish(result, options)
    })
}
