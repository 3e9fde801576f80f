import type { SenderOptions } from '@keyward/toolkit/send'
import type { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { timeout } from '../../program/senderOptions.js'
import { createTxCommand } from './createTxCommand.js'

export function watchCommand({ terminal, finish }: Setup): Command {
  return createTxCommand('watch', 'wait until it is mined or has ended')
    .addOption(timeout())
    .addHelpText('after', examples('keyward tx watch order-17 --timeout 600'))
    .action(
      async (
        reference: string,
        options: SenderOptions & { timeout: number } & Json,
      ) => {
        const { watchTransaction } = await import('./watchTransaction.js')
        await finish(
          await watchTransaction(terminal, { ...options, reference }),
          options,
        )
      },
    )
}
