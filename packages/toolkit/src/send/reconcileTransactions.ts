import type { ReportWire } from '@keyward/sender'
import type { Io } from '../Io.js'
import type { SenderOptions } from './readSender.js'
import { withSender } from './withSender.js'

/** Runs the reconciler once, wherever the sender runs. */
export function reconcileTransactions(
  io: Io,
  options: SenderOptions & { yes: boolean },
): Promise<ReportWire> {
  const read = () => undefined
  return withSender(io, options, read, async (access) => {
    const action = 'can sign replacements for stuck transactions'
    await io.confirm({ target: access.target, action, yes: options.yes })
    return access.reconcile()
  })
}
