import type { AwsConnection } from '../aws/connectAws.js'
import { peek } from '../aws/peek.js'
import { checkTablePolicy } from '../ledger/checkTablePolicy.js'
import { findWriters } from '../ledger/findWriters.js'
import * as LedgerTable from '../ledger/LedgerTable.js'
import { findParts } from '../stack/findParts.js'
import type { Check } from './Check.js'

/** The tables that whoever writes to can have the key sign. */
const tables = { LedgerTable: 'ledger', GuardTable: 'guard' } as const

/** Whether each table is as closed as its stack means it to be. */
export async function checkProtection(
  connection: AwsConnection,
  stack: string,
): Promise<Check[]> {
  const parts = await findParts(connection, stack)
  if (parts.stack === undefined)
    return [unseen('protection', 'cloudformation:DescribeStacks')]
  const { outputs } = parts.stack
  const checks = await Promise.all(
    Object.entries(tables).map(([output, what]) =>
      checkTable(connection, stack, { what, name: outputs[output] }),
    ),
  )
  return checks.flat()
}

const unseen = (name: string, permission: string): Check => ({
  ...{ name, ok: undefined, found: `not allowed to see (${permission})` },
})

async function checkTable(
  connection: AwsConnection,
  stack: string,
  about: { what: 'ledger' | 'guard'; name: string | undefined },
): Promise<Check[]> {
  const { what, name: table } = about
  const name = what === 'ledger' ? 'protection' : "guard's protection"
  if (table === undefined) return []
  const client = await LedgerTable.connectDynamo(connection)
  const described = await peek(() =>
    LedgerTable.read(client, connection, table),
  )
  if (described.hidden) return [unseen(name, 'dynamodb:DescribeTable')]
  const found = described.value
  // That it is missing, the sender has said.
  if (found === undefined) return []
  if (found.policy.hidden) return [unseen(name, 'dynamodb:GetResourcePolicy')]
  const { arns } = await findWriters(connection, table, stack)
  const recovery = found.pointInTimeRecovery
  const lacks = [
    ...checkTablePolicy(found.policy.value?.text, found, arns).map(
      ({ summary }) => summary,
    ),
    ...(found.deletionProtection ? [] : ['Deletion protection is off.']),
    ...(recovery.hidden || recovery.value
      ? []
      : ['Point-in-time recovery is off.']),
  ]
  if (lacks.length === 0)
    return [
      {
        ...{ name, ok: true },
        found: `only ${arns.length} roles or users write to the ${what}, and nobody deletes`,
      },
    ]
  return [
    {
      ...{ name, ok: false, found: lacks.join(' ') },
      fix: `keyward ledger protect ${table} shows what is missing, asks, and sets it.`,
    },
  ]
}
