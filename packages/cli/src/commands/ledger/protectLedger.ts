import { unique } from '@keyward/iam/review'
import { seen, withAws } from '@keyward/toolkit/aws'
import { CloseTable, findWriters, writersText } from '@keyward/toolkit/ledger'
import type { Result } from '../../output/Result.js'
import { stepsResult } from '../../output/stepsResult.js'
import type { Terminal } from '../../terminal/Terminal.js'

export type ProtectOptions = {
  table: string
  /** ARNs of roles and users that write beside the stacks'. */
  writers: readonly string[]
  stack: string | undefined
  dryRun: boolean
  yes: boolean
}

/**
 * Closes a ledger's table that no template closes: one that was there before
 * its stack, was made by hand, or restored.
 */
export function protectLedger(
  terminal: Terminal,
  options: ProtectOptions,
): Promise<Result> {
  const { table: name, stack, dryRun, yes } = options
  return withAws(terminal, {}, async (connection) => {
    const action = `changes who may write to ${name}`
    if (!dryRun)
      terminal.assertAskable({ target: connection.target, action, yes })
    const found = await findWriters(connection, name, stack)
    const writers = {
      stacks: found.stacks,
      arns: unique([...found.arns, ...options.writers]),
    }
    const closed = await CloseTable.closeTable(terminal, connection, {
      ...{ table: name, writers, dryRun, yes },
    })
    const { table, plan, steps = [] } = closed
    const before = seen(table.policy)
    const data = {
      table: name,
      arn: table.arn,
      dryRun,
      stacks: writers.stacks,
      writers: plan.writers,
      dropped: plan.dropped,
      changes: plan.changes,
      deletionProtection: !plan.setsDeletionProtection,
      pointInTimeRecovery: seen(table.pointInTimeRecovery) ?? null,
      before: before?.text ?? null,
      policy: plan.document,
      changed: steps.some(({ done }) => done),
      steps,
    }
    if (closed.steps === undefined)
      return {
        data,
        text: `No changes: ${name} is protected. Its writers:\n${writersText(plan)}`,
      }
    if (dryRun)
      return {
        data,
        text: `${CloseTable.toText(name, plan)}\n\nNothing was changed: this was a dry run.`,
      }
    const result = stepsResult(terminal, name, steps, {
      done: `${name} is protected.`,
      partial: `${name} is NOT protected as it should be.`,
    })
    return { ...result, data }
  })
}
