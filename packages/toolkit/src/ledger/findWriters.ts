import { senderKinds, signerKinds } from '@keyward/iam/functions'
import { unique } from '@keyward/iam/review'
import type { AwsConnection } from '../aws/connectAws.js'
import { listStacks } from '../aws/listStacks.js'
import { partitionOf } from '../aws/partitionOf.js'
import { peek } from '../aws/peek.js'
import { findParts, type Parts } from '../stack/findParts.js'
import { settingsOf } from '../stack/Template.js'

/** The principals that should write to a ledger. */
export type Writers = {
  /** ARNs without duplicates. */
  arns: readonly string[]
  /** Their stacks. */
  stacks: readonly string[]
  /** Whether windows are counted there. */
  isGuard: boolean
  /** The multisig whose proposals the table contains, if any. */
  multisig: string | undefined
}

/**
 * Finds the roles that write to a table, in each stack whose outputs name the
 * table: the stack that created it, and those to which it was passed. They are
 * the roles of the sender and the reconciler, for a guard table also those of
 * the signers, and the principals in the stacks' settings.
 *
 * @param stack - A stack that should write to the table, even if it doesn't do
 * so yet.
 * @throws StackMissingError
 */
export async function findWriters(
  connection: AwsConnection,
  table: string,
  stack: string | undefined,
): Promise<Writers> {
  const using = await stacksOf(connection, table)
  const stacks = unique([
    ...using.writing,
    ...(stack === undefined ? [] : [stack]),
  ])
  const arns: string[] = []
  let isAnyGuard = false
  let [multisig] = using.proposing
  for (const each of stacks) {
    const parts = await findParts(connection, each)
    // If stacks can't be listed, the outputs of the given stack show what the
    // table is for.
    if (parts.stack?.outputs.ProposalTable === table) multisig ??= each
    // The signers also count what they sign in a guard table.
    const isGuard = parts.stack?.outputs.GuardTable === table
    isAnyGuard ||= isGuard
    const cosigners = parts.accounts
      .filter(({ role }) => role?.startsWith('owner-'))
      .map(({ role = '' }) => role.replace('owner', 'cosigner'))
    const kinds =
      cosigners.length === 0
        ? [...(isGuard ? signerKinds : []), ...senderKinds]
        : isGuard
          ? [...cosigners, 'own-reconciler']
          : senderKinds
    arns.push(...rolesOf(connection, each, parts, kinds), ...namedBy(parts))
  }
  return { arns: unique(arns), stacks, isGuard: isAnyGuard, multisig }
}

/** Stacks that use a table, by their outputs. */
async function stacksOf(
  connection: AwsConnection,
  table: string,
): Promise<{ writing: string[]; proposing: string[] }> {
  const writing: string[] = []
  const proposing: string[] = []
  const listed = await peek(async () => {
    for await (const { name, outputs } of listStacks(connection)) {
      const isTable = (...keys: string[]) =>
        outputs.some(
          ({ OutputKey = '', OutputValue }) =>
            keys.includes(OutputKey) && OutputValue === table,
        )
      if (isTable('LedgerTable', 'GuardTable')) writing.push(name)
      if (isTable('ProposalTable')) proposing.push(name)
    }
  })
  // Other stacks can't be found, so the stack must be given.
  return listed.hidden ? { writing: [], proposing: [] } : { writing, proposing }
}

/** If the caller can't read the stack, the standard role names are used. */
function rolesOf(
  { account, region }: AwsConnection,
  stack: string,
  { stack: seen }: Parts,
  kinds: readonly string[],
): string[] {
  const names = kinds.map((kind) => `${stack}-${kind}`)
  const isThere = (name: string) =>
    seen === undefined ||
    seen.resources.some(
      ({ type, physicalId }) =>
        type === 'AWS::IAM::Role' && physicalId === name,
    )
  return names
    .filter(isThere)
    .map((name) => `arn:${partitionOf(region)}:iam::${account}:role/${name}`)
}

function namedBy({ template }: Parts): string[] {
  const { ledgerWriters } = settingsOf(template)
  return Array.isArray(ledgerWriters)
    ? ledgerWriters.filter((each) => typeof each === 'string')
    : []
}
