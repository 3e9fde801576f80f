import { quote } from '@keyward/core/errors'
import { unique } from '@keyward/iam/review'
import { seen } from '../aws/peek.js'
import { withAws } from '../aws/withAws.js'
import type { Io } from '../Io.js'
import { closeTable } from './closeTable.js'
import { findWriters } from './findWriters.js'

export type ProtectOptions = {
  table: string
  /** ARNs of roles and users that write in addition to the stacks' roles. */
  writers: readonly string[]
  stack: string | undefined
  dryRun: boolean
  yes: boolean
}

/**
 * Protects a ledger's table that no template protects, because it is older than
 * its stack, was created by hand, or was restored.
 *
 * @returns What was done or would be done, and whether the table was already
 * protected.
 */
export function protectLedger(io: Io, options: ProtectOptions) {
  const { table: name, stack, dryRun, yes } = options
  return withAws(io, {}, async (connection) => {
    const action = `changes who can write to the table ${quote(name)}`
    if (!dryRun) io.assertAskable({ target: connection.target, action, yes })
    const found = await findWriters(connection, name, stack)
    const writers = {
      ...found,
      arns: unique([...found.arns, ...options.writers]),
    }
    const closed = await closeTable(io, connection, {
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
    return { data, plan, isProtected: closed.steps === undefined }
  })
}
