import { BaseError, InputError, quote } from '@keyward/core/errors'
import { isUserOrRole } from '@keyward/iam/key-policy'
import { unique } from '@keyward/iam/review'
import { note } from '@keyward/toolkit'
import {
  AwsCallError,
  type AwsConnection,
  connectAws,
  seen,
} from '@keyward/toolkit/aws'
import {
  findWriters,
  format,
  isChange,
  LedgerTable,
  type ProtectionPlan,
  planProtection,
  protectTable,
  type Writers,
} from '@keyward/toolkit/ledger'
import { StackName } from '@keyward/toolkit/stack'
import type { Result } from '../../output/Result.js'
import { stepsResult } from '../../output/stepsResult.js'
import type { Terminal } from '../../terminal/Terminal.js'

export type ProtectOptions = {
  table: string
  /** ARNs of roles and users that write beside the stacks'. */
  writer: readonly string[]
  stack?: string
  dryRun: boolean
  yes: boolean
}

/**
 * Closes a ledger's table that no template closes: one that was there before
 * its stack, was made by hand, or restored.
 */
export async function protectLedger(
  terminal: Terminal,
  options: ProtectOptions,
): Promise<Result> {
  const { table, writer, stack, dryRun, yes } = options
  LedgerTable.assertName(table)
  if (stack !== undefined) StackName.assert(stack)
  for (const arn of writer) assertWriter(arn)
  const connection = await connectAws(terminal)
  try {
    const action = `changes who may write to ${table}`
    if (!dryRun)
      terminal.assertAskable({ target: connection.target, action, yes })
    const found = await findWriters(connection, table, stack)
    return await closeTable(terminal, connection, {
      ...{ table, dryRun, yes },
      writers: {
        stacks: found.stacks,
        arns: unique([...found.arns, ...writer]),
      },
    })
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    connection.close()
  }
}

/**
 * Shows what a table lacks, asks, and does it.
 *
 * @throws InputError, LedgerWritersError
 */
export async function closeTable(
  terminal: Terminal,
  connection: AwsConnection,
  what: { table: string; writers: Writers; dryRun: boolean; yes: boolean },
): Promise<Result> {
  const { table: name, writers, dryRun, yes } = what
  const client = await LedgerTable.connectDynamo(connection)
  const table = await LedgerTable.read(client, connection, name)
  assertLedger(name, table)
  if (writers.arns.length === 0) throw new LedgerWritersError(name)
  if (table.policy.hidden)
    throw new InputError(`You may not read the policy of ${name}.`, {
      details:
        'What is in it now would be lost. Run it as somebody who has dynamodb:GetResourcePolicy on the table.',
    })
  const before = table.policy.value
  const plan = planProtection(table, before?.text, writers.arns)
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
  }
  if (!isChange(plan))
    return {
      data: { ...data, changed: false, steps: [] },
      text: `No changes: ${name} is protected. Its writers:\n${writersText(plan)}`,
    }
  const text = `${name} gets these writers:\n${writersText(plan)}\n\n${format(plan)}`
  if (dryRun)
    return {
      data: { ...data, changed: false, steps: [] },
      text: `${text}\n\nNothing was changed: this was a dry run.`,
    }
  note(terminal, `${text}\n`)
  const action = `changes who may write to ${name}`
  await terminal.confirm({ target: connection.target, action, yes })
  const steps = await protectTable(client, table, before, plan)
  const result = stepsResult(terminal, name, steps, {
    done: `${name} is protected.`,
    partial: `${name} is NOT protected as it should be.`,
  })
  const changed = steps.some(({ done }) => done)
  return { ...result, data: { ...data, changed, steps } }
}

function writersText({ writers }: ProtectionPlan): string {
  return writers.map((arn) => `  ${arn}`).join('\n')
}

function assertLedger(
  name: string,
  table: LedgerTable.LedgerTable | undefined,
): asserts table is LedgerTable.LedgerTable {
  if (table === undefined)
    throw new InputError(`There is no table ${name}.`, {
      details: 'Check the name, the account and the Region.',
    })
  if (!table.isLedger)
    throw new InputError(`The table ${name} is not a ledger's.`, {
      details:
        'Its keys or indexes are others than docs/ledger.md has. Nothing was changed: closed like a ledger, it would be of no use to whatever writes to it.',
    })
  if (!['ACTIVE', 'UPDATING'].includes(table.status))
    throw new InputError(`The table ${name} is not ready: ${table.status}.`, {
      details:
        'A restore writes as the one who began it, and would be stopped by the policy. Run it again when the table is ACTIVE.',
    })
}

/** @throws InputError */
function assertWriter(arn: string): void {
  if (isUserOrRole(arn)) return
  throw new InputError(`--writer ${quote(arn)} is not a role or user.`, {
    details:
      'Allowed: the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/payouts; neither *, an account, nor an assumed-role session.',
  })
}

/** Nobody is known who would write to the table. */
export class LedgerWritersError extends BaseError {
  override readonly name = 'LedgerWritersError'

  constructor(table: string) {
    super('ledger-writers', `No stack uses the table ${table}.`, {
      details:
        'Nobody is known who should write to it, and closed to everybody it ' +
        'would be of no use. Name the stack that will use it (--stack NAME), ' +
        'or who writes to it (--writer ROLE_ARN). Nothing was changed.',
    })
  }
}
