import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { yes } from '../../program/inputs.js'
import { senderInputs } from '../../program/senderInputs.js'

export const reconcileCommand = define('reconcile', {
  description: 'process all unsettled transactions once',
  takes: { ...senderInputs, yes },
  help: `Does once what a stack's reconciler does every minute, for all transactions of
the key. For a ledger without a stack, run this command or createReconciler
regularly. Exit code 0: done; 3: something needs attention.

With a stack, calls lambda:InvokeFunction on <stack>-reconciler:clock;
with --ledger, makes the same calls as keyward send.`,
  examples: [
    'keyward tx reconcile',
    'keyward tx reconcile --ledger my-ledger --key alias/mine --network sepolia',
  ],
  async run(terminal, options) {
    const { reconcileTransactions } = await import('@keyward/toolkit/send')
    const report = await reconcileTransactions(terminal, options)
    const { skipped, counts, notices } = report
    const done = Object.entries(counts).filter(([, count]) => count > 0)
    return {
      data: report,
      text: skipped
        ? 'Another reconciler is running. Nothing was done.'
        : toColumns([
            ...(done.length === 0 ? [['open', 'none'] as const] : []),
            ...done.map(([name, count]) => [name, String(count)] as const),
            ...notices.map(({ type, text }) => [type, text] as const),
          ]),
      exitCode: notices.length === 0 ? 0 : 3,
    }
  },
})
