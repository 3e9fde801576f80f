import type { AwsConnection } from '../aws/connectAws.js'
import { isMissing, peek, seen } from '../aws/peek.js'
import type { Fate, Remains } from './findRemains.js'

/**
 * Marks retained resources as `gone` that someone has deleted since, which
 * CloudFormation doesn't know. What the caller isn't allowed to see is assumed
 * to exist. Calls dynamodb:DescribeTable and logs:DescribeLogGroups.
 */
export function dropMissing(
  connection: AwsConnection,
  { gone }: Pick<Remains, 'gone'>,
  fates: readonly Fate[],
): Promise<Fate[]> {
  return Promise.all(
    fates.map(async (each) => {
      // The functions of an existing stack can still create their log groups.
      const isRemovedLog =
        gone && each.fate === 'remove' && each.type === 'AWS::Logs::LogGroup'
      if (each.fate !== 'stay' && !isRemovedLog) return each
      const exists = seen(await peek(() => isThere(connection, each)))
      return exists === false ? { ...each, fate: 'gone' as const } : each
    }),
  )
}

async function isThere(
  connection: AwsConnection,
  { type, id }: Fate,
): Promise<boolean> {
  if (/^AWS::DynamoDB::(Global)?Table$/.test(type)) {
    const { DescribeTableCommand, DynamoDBClient } = await import(
      '@aws-sdk/client-dynamodb'
    )
    const client = connection.open(DynamoDBClient)
    try {
      const { Table } = await client.send(
        new DescribeTableCommand({ TableName: id }),
      )
      return Table?.TableStatus !== 'DELETING'
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
  }
  if (type === 'AWS::Logs::LogGroup') {
    const { CloudWatchLogsClient, DescribeLogGroupsCommand } = await import(
      '@aws-sdk/client-cloudwatch-logs'
    )
    const { logGroups = [] } = await connection
      .open(CloudWatchLogsClient)
      // The group itself is the first one with this prefix.
      .send(new DescribeLogGroupsCommand({ logGroupNamePrefix: id }))
    return logGroups.some(({ logGroupName }) => logGroupName === id)
  }
  return true
}
