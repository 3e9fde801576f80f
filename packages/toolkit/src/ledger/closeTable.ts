import { BaseError, InputError, quote } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { type Io, note } from '../Io.js'
import type { Step } from '../stack/Step.js'
import type { Writers } from './findWriters.js'
import * as LedgerTable from './LedgerTable.js'
import {
  format,
  isChange,
  type ProtectionPlan,
  planProtection,
  writersText,
} from './planProtection.js'
import { protectTable } from './protectTable.js'

export type Closed = {
  table: LedgerTable.LedgerTable
  plan: ProtectionPlan
  /** Undefined if the table is already protected. */
  steps: readonly Step[] | undefined
}

/**
 * Shows which protection a ledger's table lacks, asks for confirmation, and
 * adds it.
 *
 * @throws InputError, LedgerWritersError
 */
export async function closeTable(
  io: Io,
  connection: AwsConnection,
  what: { table: string; writers: Writers; dryRun: boolean; yes: boolean },
): Promise<Closed> {
  const { table: name, writers, dryRun, yes } = what
  const client = await LedgerTable.connectDynamo(connection)
  const table = await LedgerTable.read(client, connection, name)
  assertLedger(name, table, writers)
  if (writers.arns.length === 0) throw new LedgerWritersError(name)
  if (table.policy.hidden)
    throw new InputError(
      `You have no permission to read the policy of the table ${quote(name)}.`,
      {
        details:
          "Without this permission, the policy's current statements would be lost. Run the command as a principal that has dynamodb:GetResourcePolicy on the table.",
      },
    )
  const before = table.policy.value
  const plan = planProtection(table, before?.text, writers.arns)
  if (!isChange(plan)) return { table, plan, steps: undefined }
  if (dryRun) return { table, plan, steps: [] }
  note(io, `${toText(name, plan)}\n`)
  const action = `changes who can write to the table ${quote(name)}`
  await io.confirm({ target: connection.target, action, yes })
  return { table, plan, steps: await protectTable(client, table, before, plan) }
}

/** The planned changes, as text for users. */
export function toText(name: string, plan: ProtectionPlan): string {
  return `The writers of ${name} will be:\n${writersText(plan)}\n\n${format(plan)}`
}

function assertLedger(
  name: string,
  table: LedgerTable.LedgerTable | undefined,
  writers: Writers,
): asserts table is LedgerTable.LedgerTable {
  if (table === undefined)
    throw new InputError(`There is no table named ${quote(name)}.`, {
      details: 'Check the name, the AWS account and the Region.',
    })
  const { multisig } = writers
  if (multisig !== undefined)
    throw new InputError(
      `The table ${quote(name)} contains the proposals of the multisig ${multisig} and is not a ledger.`,
      {
        details:
          'Its policy also denies reading, because anyone who reads enough ' +
          "signatures can execute a proposal. A ledger's policy would allow " +
          "reading. Nothing was changed. To restore the table's policy, deploy the " +
          `stack again: keyward deploy --stack ${multisig}.`,
      },
    )
  // Other tables have the same keys, so a stack must say that this is a guard
  // table.
  if (!table.isLedger && !(table.isGuard && writers.isGuard))
    throw new InputError(`The table ${quote(name)} is not a ledger.`, {
      details:
        "Its keys or indexes differ from those in docs/ledger.md. Nothing was changed: with a ledger's policy, other programs could no longer write to this table.",
    })
  if (!['ACTIVE', 'UPDATING'].includes(table.status))
    throw new InputError(
      `The table ${quote(name)} is not ready: its status is ${table.status}.`,
      {
        details:
          'A restore writes with the permissions of the principal that started it, so the policy would stop the restore. Run the command again when the table is ACTIVE.',
      },
    )
}

/** No principal is known that would write to the table. */
export class LedgerWritersError extends BaseError {
  override readonly name = 'LedgerWritersError'

  constructor(table: string) {
    super('ledger-writers', `No stack uses the table ${quote(table)}.`, {
      details:
        'A table that no one can write to would be useless. Pass the stack ' +
        'that will use it (--stack NAME), or the roles that write to it ' +
        '(--writer ROLE_ARN). Nothing was changed.',
    })
  }
}
