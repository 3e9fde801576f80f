import type { SenderOptions } from '@keyward/toolkit/send'
import type { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { createTxCommand } from './createTxCommand.js'

export function showCommand({ terminal, finish }: Setup): Command {
  return createTxCommand('show', 'all that is known of it')
    .addHelpText('after', examples('keyward tx show order-17'))
    .action(async (reference: string, options: SenderOptions & Json) => {
      const { showTransaction } = await import('./showTransaction.js')
      await finish(
        await showTransaction(terminal, { ...options, reference }),
        options,
      )
    })
}
