import { confirm } from '../confirm.js'
import { type Result, toColumns } from '../output.js'
import {
  openSenderAccess,
  type SenderOptions,
} from '../send/openSenderAccess.js'
import { withAccess } from '../send/withAccess.js'
import type { Terminal } from '../Terminal.js'

/** Runs the reconciler once, where the sender is. */
export function txReconcile(
  terminal: Terminal,
  options: SenderOptions & { yes: boolean },
): Promise<Result> {
  return withAccess(openSenderAccess(terminal, options), async (access) => {
    const action = 'may sign replacements of what is stuck'
    await confirm(terminal, access.target, action, options.yes)
    const report = await access.reconcile()
    const { skipped, counts, notices } = report
    const done = Object.entries(counts).filter(([, count]) => count > 0)
    return {
      data: report,
      text: skipped
        ? 'Another reconciler is at work; nothing was done.'
        : toColumns([
            ...(done.length === 0 ? [['open', 'none'] as const] : []),
            ...done.map(([name, count]) => [name, String(count)] as const),
            ...notices.map(({ type, text }) => [type, text] as const),
          ]),
      exitCode: notices.length === 0 ? 0 : 3,
    }
  })
}
