import { note } from '@keyward/toolkit'
import { Repair, type SenderOptions } from '@keyward/toolkit/send'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { withSender } from './withSender.js'

export type RepairOptions = Omit<SenderOptions, 'caller'> & {
  dryRun: boolean
  yes: boolean
}

/** Shows what a ledger lacks, asks, and has it written down. */
export function repairLedger(
  terminal: Terminal,
  options: RepairOptions,
): Promise<Result> {
  const { dryRun, yes } = options
  const read = () => undefined
  return withSender(terminal, options, read, async (access) => {
    const plan = await access.repair({ dry_run: true })
    if (dryRun)
      return {
        data: plan,
        text: `${Repair.format(plan)}\n\nNothing was written: this was a dry run.`,
      }
    note(terminal, `${Repair.format(plan)}\n`)
    await terminal.confirm({
      target: access.target,
      action: Repair.describe(plan),
      yes,
    })
    const done = await access.repair({})
    return {
      data: done,
      text: Repair.formatEnd(done, options),
      exitCode: done.complete ? 0 : 3,
    }
  })
}
