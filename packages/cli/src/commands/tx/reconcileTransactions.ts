import { toColumns } from '@keyward/toolkit'
import type { SenderOptions } from '@keyward/toolkit/send'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { withSender } from './withSender.js'

/** Runs the reconciler once, where the sender is. */
export function reconcileTransactions(
  terminal: Terminal,
  options: SenderOptions & { yes: boolean },
): Promise<Result> {
  const read = () => undefined
  return withSender(terminal, options, read, async (access) => {
    const action = 'may sign replacements of what is stuck'
    await terminal.confirm({ target: access.target, action, yes: options.yes })
    const report = await access.reconcile()
    const { skipped, counts, notices } = report
    const done = Object.entries(counts).filter(([, count]) => count > 0)
    return {
      data: report,
      text: skipped
        ? 'Another reconciler is running; nothing was done.'
        : toColumns([
            ...(done.length === 0 ? [['open', 'none'] as const] : []),
            ...done.map(([name, count]) => [name, String(count)] as const),
            ...notices.map(({ type, text }) => [type, text] as const),
          ]),
      exitCode: notices.length === 0 ? 0 : 3,
    }
  })
}
