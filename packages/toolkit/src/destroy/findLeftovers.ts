import type { AwsConnection } from '../aws/connectAws.js'
import { peek, seen } from '../aws/peek.js'
import type { Fate } from './findRemains.js'

/**
 * Finds tables and log groups that earlier deployments of the stack left
 * behind, such as the guard's table after the policy was removed.
 * CloudFormation no longer lists them, so they are found by the names that it
 * gave them. What the caller isn't allowed to list is left out. Calls
 * dynamodb:ListTables and logs:DescribeLogGroups.
 *
 * @param known - Resources that CloudFormation still lists.
 */
export async function findLeftovers(
  connection: AwsConnection,
  stack: string,
  known: readonly { physicalId: string }[],
): Promise<Fate[]> {
  // STACK-LOGICALID-SUFFIX. A logical id ends in 8 hex digits and contains no
  // hyphen, so another stack's name that begins with this one doesn't match.
  const name = new RegExp(
    `^${stack}-(?:\\w*Logs|Guard|SenderLedger|Proposals)[0-9A-F]{8}-[0-9A-Za-z]{12,13}$`,
  )
  const fatesOf = (type: string, ids: readonly string[] = []) =>
    ids
      .filter((id) => name.test(id))
      .filter((id) => known.every(({ physicalId }) => physicalId !== id))
      .map((id): Fate => ({ type, id, fate: 'stay' }))
  const tables = seen(await peek(() => listTables(connection)))
  const logs = seen(await peek(() => listLogGroups(connection, `${stack}-`)))
  return [
    ...fatesOf('AWS::DynamoDB::GlobalTable', tables),
    ...fatesOf('AWS::Logs::LogGroup', logs),
  ]
}

/**
 * The existing tables that were given to the stack, except those in `known`.
 * They are not resources of the stack, so CloudFormation doesn't list them.
 */
export function givenTables(
  settings: Readonly<Record<string, unknown>>,
  known: readonly Fate[],
): Fate[] {
  const { existingLedgerTable, existingGuardTable } = settings
  return [existingLedgerTable, existingGuardTable].flatMap((id): Fate[] =>
    typeof id !== 'string' || id === '' || known.some((one) => one.id === id)
      ? []
      : [{ type: 'AWS::DynamoDB::Table', id, fate: 'stay', given: true }],
  )
}

async function listTables(connection: AwsConnection): Promise<string[]> {
  const { DynamoDBClient, ListTablesCommand } = await import(
    '@aws-sdk/client-dynamodb'
  )
  const client = connection.open(DynamoDBClient)
  const names: string[] = []
  let last: string | undefined
  do {
    const { TableNames = [], LastEvaluatedTableName } = await client.send(
      new ListTablesCommand({
        ...(last !== undefined && { ExclusiveStartTableName: last }),
      }),
    )
    names.push(...TableNames)
    last = LastEvaluatedTableName
  } while (last !== undefined)
  return names
}

async function listLogGroups(
  connection: AwsConnection,
  logGroupNamePrefix: string,
): Promise<string[]> {
  const { CloudWatchLogsClient, DescribeLogGroupsCommand } = await import(
    '@aws-sdk/client-cloudwatch-logs'
  )
  const client = connection.open(CloudWatchLogsClient)
  const names: string[] = []
  let nextToken: string | undefined
  do {
    const { logGroups = [], nextToken: next } = await client.send(
      new DescribeLogGroupsCommand({
        logGroupNamePrefix,
        ...(nextToken !== undefined && { nextToken }),
      }),
    )
    names.push(...logGroups.flatMap(({ logGroupName }) => logGroupName ?? []))
    nextToken = next
  } while (nextToken !== undefined)
  return names
}
