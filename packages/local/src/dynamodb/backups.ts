import { AwsError } from '../protocol/Service.js'
import type { Backup } from './createBackupStore.js'
import type { DynamoContext } from './DynamoContext.js'
import { invalid } from './errors.js'
import type { Json } from './Json.js'

export const optionalBackupArn = {
  type: 'String',
  lengthGreaterThanOrEqual: 37,
  lengthLessThanOrEqual: 1024,
} as const

export const backupArn = { ...optionalBackupArn, notNull: true } as const

/** @throws AwsError ValidationException, BackupNotFoundException */
export function findBackup({ engine }: DynamoContext, arn: unknown): Backup {
  if (
    !/^arn:[^:]+:dynamodb:[^:]*:[^:]*:table\/[^/]+\/backup\/[^/]+$/.test(
      String(arn),
    )
  )
    throw invalid('Invalid Backup ARN')
  const backup = engine.backups.find(String(arn))
  if (backup) return backup
  throw new AwsError('BackupNotFoundException', `Backup not found: ${arn}`)
}

export function toDetails(
  { arn, name, type, createdAt, expiresAt, table }: Backup,
  BackupStatus = 'AVAILABLE',
): Json {
  return {
    BackupArn: arn,
    BackupName: name,
    BackupSizeBytes: table.TableSizeBytes,
    BackupStatus,
    BackupType: type,
    BackupCreationDateTime: createdAt / 1000,
    ...(expiresAt !== undefined && { BackupExpiryDateTime: expiresAt / 1000 }),
  }
}

export function toDescription(backup: Backup, status?: string): Json {
  const { table, type } = backup
  return {
    BackupDetails: toDetails(backup, status),
    SourceTableDetails: {
      TableName: table.TableName,
      TableId: table.TableId,
      TableArn: table.TableArn,
      TableSizeBytes: table.TableSizeBytes,
      KeySchema: table.KeySchema,
      TableCreationDateTime: table.CreationDateTime,
      ProvisionedThroughput: toThroughput(table.ProvisionedThroughput),
      ItemCount: table.ItemCount,
      BillingMode: billingMode(table),
    },
    SourceTableFeatureDetails:
      type === 'SYSTEM'
        ? {}
        : toIndexes(table, (value) => ({
            ProvisionedThroughput: toThroughput(value),
          })),
  }
}

/** @param throughput - The members for a global index's throughput. */
export function toIndexes(
  { LocalSecondaryIndexes, GlobalSecondaryIndexes }: Json,
  throughput: (value: unknown) => Json | false,
): Json {
  return {
    ...(LocalSecondaryIndexes !== undefined && {
      LocalSecondaryIndexes: (LocalSecondaryIndexes as Json[]).map(
        ({ IndexName, KeySchema, Projection }) => ({
          IndexName,
          KeySchema,
          Projection,
        }),
      ),
    }),
    ...(GlobalSecondaryIndexes !== undefined && {
      GlobalSecondaryIndexes: (GlobalSecondaryIndexes as Json[]).map(
        ({ IndexName, KeySchema, Projection, ProvisionedThroughput }) => ({
          IndexName,
          KeySchema,
          Projection,
          ...throughput(ProvisionedThroughput),
        }),
      ),
    }),
  }
}

export function billingMode(table: Json): string {
  const summary = table.BillingModeSummary as Json | undefined
  return String(summary?.BillingMode ?? 'PROVISIONED')
}

export function toThroughput(value: unknown): Json {
  const { ReadCapacityUnits, WriteCapacityUnits } = value as Json
  return { ReadCapacityUnits, WriteCapacityUnits }
}
