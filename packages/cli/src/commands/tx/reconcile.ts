import type { SenderOptions } from '@keyward/toolkit/send'
import { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { addSenderOptions } from '../../program/senderOptions.js'

export function reconcileCommand({ terminal, finish }: Setup): Command {
  return addSenderOptions(
    new Command('reconcile').description(
      'bring all that is not ended forward, once',
    ),
  )
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText(
      'after',
      `
What a stack's reconciler does each minute, for everybody's transactions of the
key; a ledger without a stack needs it from you, or from createReconciler.

Exit 0: done; 3: something needs somebody.

By a stack: lambda:InvokeFunction on <stack>-reconciler:clock. With --ledger as send.${examples(
        'keyward tx reconcile',
        'keyward tx reconcile --ledger my-ledger --key alias/mine --network sepolia',
      )}`,
    )
    .action(async (options: SenderOptions & Json) => {
      const { reconcileTransactions } = await import(
        './reconcileTransactions.js'
      )
      const yes = options.yes === true
      await finish(
        await reconcileTransactions(terminal, { ...options, yes }),
        options,
      )
    })
}
