import type { AwsConnection } from '../aws/connectAws.js'
import { partitionOf } from '../aws/partitionOf.js'
import { peek } from '../aws/peek.js'
import { checkTablePolicy } from '../ledger/checkTablePolicy.js'
import { findWriters } from '../ledger/findWriters.js'
import * as LedgerTable from '../ledger/LedgerTable.js'
import { findParts, type Parts } from '../stack/findParts.js'
import type { Check } from './Check.js'

/** The tables whose writers control what the key signs. */
const tables = {
  LedgerTable: 'ledger',
  GuardTable: 'guard',
  ProposalTable: 'proposals',
} as const
type What = (typeof tables)[keyof typeof tables]
const names: Readonly<Record<What, string>> = {
  ledger: 'protection',
  guard: "guard's protection",
  proposals: "proposals' protection",
}

/** Checks whether each table has the protection that its stack intends. */
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
      checkTable(connection, parts, stack, { what, name: outputs[output] }),
    ),
  )
  return checks.flat()
}

const unseen = (name: string, permission: string): Check => ({
  ...{
    name,
    ok: undefined,
    found: `not checked: you have no permission (${permission})`,
  },
})

/** In a multisig, each function's role has the function's name. */
function usersOf({ account, region }: AwsConnection, { functions }: Parts) {
  return functions
    .filter(({ name }) => /-(cosigner-\d+|coordinator)$/.test(name))
    .map(
      ({ name }) => `arn:${partitionOf(region)}:iam::${account}:role/${name}`,
    )
}

async function checkTable(
  connection: AwsConnection,
  parts: Parts,
  stack: string,
  about: { what: What; name: string | undefined },
): Promise<Check[]> {
  const { what, name: table } = about
  const name = names[what]
  if (table === undefined) return []
  const client = await LedgerTable.connectDynamo(connection)
  const described = await peek(() =>
    LedgerTable.read(client, connection, table),
  )
  if (described.hidden) return [unseen(name, 'dynamodb:DescribeTable')]
  const found = described.value
  // The sender has already reported that the table is missing.
  if (found === undefined) return []
  if (found.policy.hidden) return [unseen(name, 'dynamodb:GetResourcePolicy')]
  const arns =
    what === 'proposals'
      ? usersOf(connection, parts)
      : (await findWriters(connection, table, stack)).arns
  const recovery = found.pointInTimeRecovery
  const lacks = [
    ...checkTablePolicy(found.policy.value?.text, found, arns, {
      // Anyone who can read the signatures can execute the transaction.
      isSecret: what === 'proposals',
    }).map(({ summary }) => summary),
    ...(found.deletionProtection ? [] : ['Deletion protection is off.']),
    ...(recovery.hidden || recovery.value
      ? []
      : ['Point-in-time recovery is off.']),
  ]
  if (lacks.length === 0)
    return [
      {
        ...{ name, ok: true },
        found: `only ${arns.length === 1 ? '1 role or user' : `${arns.length} roles or users`} can write to the ${what}${what === 'proposals' ? ' or read them' : ''}, and no one can delete items`,
      },
    ]
  return [
    {
      ...{ name, ok: false, found: lacks.join(' ') },
      fix:
        what === 'proposals'
          ? `Run keyward deploy --stack ${stack}, which sets the policy, deletion protection and recovery again.`
          : `Run keyward ledger protect ${table}, which shows what is missing, asks for confirmation, and sets what is missing.`,
    },
  ]
}
