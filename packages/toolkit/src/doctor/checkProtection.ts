import type { AwsConnection } from '../aws/connectAws.js'
import { peek } from '../aws/peek.js'
import { checkTablePolicy } from '../ledger/checkTablePolicy.js'
import { findWriters } from '../ledger/findWriters.js'
import * as LedgerTable from '../ledger/LedgerTable.js'
import { findParts } from '../stack/findParts.js'
import type { Check } from './Check.js'

/** Whether the table is as closed as its stack means it to be. */
export async function checkProtection(
  connection: AwsConnection,
  stack: string,
): Promise<Check[]> {
  const parts = await findParts(connection, stack)
  const name = parts.stack?.outputs.LedgerTable
  const unseen = (permission: string): Check[] => [
    {
      name: 'protection',
      ok: undefined,
      found: `may not be seen (${permission})`,
    },
  ]
  if (parts.stack === undefined) return unseen('cloudformation:DescribeStacks')
  if (name === undefined) return []
  const client = await LedgerTable.connectDynamo(connection)
  const described = await peek(() => LedgerTable.read(client, connection, name))
  if (described.hidden) return unseen('dynamodb:DescribeTable')
  const table = described.value
  // That it is missing, the sender has said.
  if (table === undefined) return []
  if (table.policy.hidden) return unseen('dynamodb:GetResourcePolicy')
  const { arns } = await findWriters(connection, name, stack)
  const recovery = table.pointInTimeRecovery
  const lacks = [
    ...checkTablePolicy(table.policy.value?.text, table, arns).map(
      ({ summary }) => summary,
    ),
    ...(table.deletionProtection ? [] : ['Deletion protection is off.']),
    ...(recovery.hidden || recovery.value
      ? []
      : ['Point-in-time recovery is off.']),
  ]
  return [
    lacks.length === 0
      ? {
          name: 'protection',
          ok: true,
          found: `only ${arns.length} roles or users write to the ledger, and nobody deletes`,
        }
      : {
          name: 'protection',
          ok: false,
          found: lacks.join(' '),
          fix: `keyward ledger protect ${name} shows what is missing, asks, and sets it.`,
        },
  ]
}
