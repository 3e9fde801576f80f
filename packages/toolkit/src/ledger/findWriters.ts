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
}

/**
 * The roles that write to a table, from each stack whose outputs name it: the
 * stack that created it and those that were given it. These are the roles of
 * the sender and the reconciler, the signers' roles for a guard table, and the
 * principals in those stacks' settings.
 *
 * @param stack - A stack that should write to it, whatever it does now.
 * @throws StackMissingError
 */
export async function findWriters(
  connection: AwsConnection,
  table: string,
  stack: string | undefined,
): Promise<Writers> {
  const stacks = unique([
    ...(await stacksOf(connection, table)),
    ...(stack === undefined ? [] : [stack]),
  ])
  const arns: string[] = []
  let isAnyGuard = false
  for (const each of stacks) {
    const parts = await findParts(connection, each)
    // The signers also count what they sign.
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
  return { arns: unique(arns), stacks, isGuard: isAnyGuard }
}

async function stacksOf(
  connection: AwsConnection,
  table: string,
): Promise<string[]> {
  const names: string[] = []
  const listed = await peek(async () => {
    for await (const { name, outputs } of listStacks(connection))
      if (
        outputs.some(
          ({ OutputKey, OutputValue }) =>
            isTable(OutputKey) && OutputValue === table,
        )
      )
        names.push(name)
  })
  // Other stacks can't be found, so the stack must be named.
  return listed.hidden ? [] : names
}

const isTable = (output: string | undefined) =>
  output === 'LedgerTable' || output === 'GuardTable'

/** A caller who can't read the stack gets the standard role names. */
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
