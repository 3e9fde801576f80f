import { senderKinds, signerKinds } from '@keyward/iam/functions'
import { unique } from '@keyward/iam/review'
import type { AwsConnection } from '../aws/connectAws.js'
import { listStacks } from '../aws/listStacks.js'
import { partitionOf } from '../aws/partitionOf.js'
import { peek } from '../aws/peek.js'
import { findParts, type Parts } from '../stack/findParts.js'
import { settingsOf } from '../stack/Template.js'

/** Who is meant to write a ledger. */
export type Writers = {
  /** ARNs, each once. */
  arns: readonly string[]
  /** Stacks that they are of. */
  stacks: readonly string[]
  /** Whether windows are counted there. */
  isGuard: boolean
}

/**
 * The roles that write to a table: those of the sender and the reconciler, and
 * to a guard's those of the signers, of each stack whose outputs name it, which
 * is the one that made it and each that was given it, and whom the settings of
 * those stacks name.
 *
 * @param stack - One that is meant to write to it, whatever it does now.
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
    // The signers count what they sign as well.
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
  // Nobody can be found; naming the stack is left.
  return listed.hidden ? [] : names
}

const isTable = (output: string | undefined) =>
  output === 'LedgerTable' || output === 'GuardTable'

/** Who may not look into the stack gets the names that every stack gives. */
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
