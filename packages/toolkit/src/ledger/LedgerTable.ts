import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { InputError, quote } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { partitionOf } from '../aws/partitionOf.js'
import { isMissing, nameOf, type Peeked, peek } from '../aws/peek.js'

/** A table's resource policy, as DynamoDB returns it. */
export type TablePolicy = { text: string; revisionId: string }

/** The protection of a ledger's table. */
export type LedgerTable = {
  name: string
  arn: string
  /** DynamoDB's term, e.g. `ACTIVE`. */
  status: string
  /** Whether its keys and indexes match a ledger's. */
  isLedger: boolean
  /** Whether its keys match a guard table's, which has no indexes. */
  isGuard: boolean
  /** Whether it is replicated to other Regions. */
  hasReplicas: boolean
  deletionProtection: boolean
  pointInTimeRecovery: Peeked<boolean>
  /** Undefined if the table has no policy. */
  policy: Peeked<TablePolicy | undefined>
}

/** A DynamoDB client with the connection's target and credentials. */
export async function connectDynamo(
  connection: AwsConnection,
): Promise<DynamoDBClient> {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb')
  return connection.open(DynamoDBClient)
}

/**
 * Calls dynamodb:DescribeTable, GetResourcePolicy and
 * DescribeContinuousBackups. Only the first is required.
 *
 * @returns Undefined if there is no such table.
 */
export async function read(
  client: DynamoDBClient,
  connection: AwsConnection,
  name: string,
): Promise<LedgerTable | undefined> {
  const sdk = await import('@aws-sdk/client-dynamodb')
  try {
    const { Table = {} } = await client.send(
      new sdk.DescribeTableCommand({ TableName: name }),
    )
    const arn = Table.TableArn ?? toArn(connection, name)
    const [policy, pointInTimeRecovery] = await Promise.all([
      peek(() => readPolicy(client, arn)),
      peek(() => readRecovery(client, name)),
    ])
    const replicas = Table.Replicas ?? []
    return {
      ...{ name, arn, policy, pointInTimeRecovery },
      status: Table.TableStatus ?? 'unknown',
      isLedger: isLedger(Table),
      isGuard: isGuard(Table),
      hasReplicas: replicas.some(
        ({ RegionName }) => RegionName !== connection.region,
      ),
      deletionProtection: Table.DeletionProtectionEnabled === true,
    }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Undefined if the table has no policy. */
export async function readPolicy(
  client: DynamoDBClient,
  arn: string,
): Promise<TablePolicy | undefined> {
  const { GetResourcePolicyCommand } = await import('@aws-sdk/client-dynamodb')
  try {
    const { Policy, RevisionId = '' } = await client.send(
      new GetResourcePolicyCommand({ ResourceArn: arn }),
    )
    return Policy === undefined
      ? undefined
      : { text: Policy, revisionId: RevisionId }
  } catch (error) {
    if (nameOf(error) === 'PolicyNotFoundException') return undefined
    throw error
  }
}

async function readRecovery(
  client: DynamoDBClient,
  name: string,
): Promise<boolean> {
  const sdk = await import('@aws-sdk/client-dynamodb')
  const { ContinuousBackupsDescription: backups } = await client.send(
    new sdk.DescribeContinuousBackupsCommand({ TableName: name }),
  )
  const { PointInTimeRecoveryStatus: status } =
    backups?.PointInTimeRecoveryDescription ?? {}
  return status === 'ENABLED'
}

type Described = {
  KeySchema?: { AttributeName?: string | undefined }[] | undefined
  GlobalSecondaryIndexes?: { IndexName?: string | undefined }[] | undefined
}

/** Protecting a table that is not a ledger would break whatever uses it. */
function isLedger({ KeySchema, GlobalSecondaryIndexes }: Described): boolean {
  const keys = (KeySchema ?? []).map(({ AttributeName }) => AttributeName)
  const indexes = (GlobalSecondaryIndexes ?? []).map((each) => each.IndexName)
  return (
    keys.join() === 'pk,sk' &&
    ['open', 'caller'].every((index) => indexes.includes(index))
  )
}

function isGuard({ KeySchema, GlobalSecondaryIndexes }: Described): boolean {
  const keys = (KeySchema ?? []).map(({ AttributeName }) => AttributeName)
  return keys.join() === 'pk,sk' && (GlobalSecondaryIndexes ?? []).length === 0
}

/**
 * The ARN of a table in the connection's account and Region. If the name is
 * already an ARN, it is returned unchanged.
 */
export function toArn(
  { account, region }: Pick<AwsConnection, 'account' | 'region'>,
  name: string,
): string {
  if (name.startsWith('arn:')) return name
  return `arn:${partitionOf(region)}:dynamodb:${region}:${account}:table/${name}`
}

/** @throws InputError */
export function assertName(name: string): void {
  if (/^[\w.-]{3,255}$/.test(name)) return
  throw new InputError(`${quote(name)} is not a valid table name.`, {
    details: 'Allowed: 3 to 255 letters, digits, _, . and -.',
  })
}
