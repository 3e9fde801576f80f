import type { ReconcilerOperation } from '@keyward/sender'
import { type Io, note } from '../Io.js'
import * as Repair from './Repair.js'
import type { SenderOptions } from './readSender.js'
import { withSender } from './withSender.js'

/**
 * Shows the entries that a ledger lacks, asks for confirmation, and adds them.
 *
 * @returns The missing entries and the result; undefined in a dry run.
 */
export function repairLedger(
  io: Io,
  options: Omit<SenderOptions, 'caller'> & { dryRun: boolean; yes: boolean },
): Promise<{
  plan: ReconcilerOperation.RepairWire
  done: ReconcilerOperation.RepairWire | undefined
}> {
  const { dryRun, yes } = options
  const read = () => undefined
  return withSender(io, options, read, async (access) => {
    const plan = await access.repair({ dry_run: true })
    if (dryRun) return { plan, done: undefined }
    note(io, `${Repair.format(plan)}\n`)
    const action = Repair.describe(plan)
    await io.confirm({ target: access.target, action, yes })
    return { plan, done: await access.repair({}) }
  })
}
