import { AwsError } from '../protocol/Service.js'
import type { DynamoContext } from './DynamoContext.js'
import { backupTableNotFound } from './errors.js'
import type { Json } from './Json.js'

/** The table, in the form of DescribeTable. */
export async function describeTable(
  context: DynamoContext,
  TableName: unknown,
): Promise<Json> {
  const { Table } = await context.engine.call('DescribeTable', { TableName })
  return complete(context, Table as Json)
}

/** The same for backup operations, which use a different error. */
export async function describeBackedUp(
  context: DynamoContext,
  TableName: unknown,
): Promise<Json> {
  try {
    return await describeTable(context, TableName)
  } catch (error) {
    if (error instanceof AwsError && error.type === 'ResourceNotFoundException')
      throw backupTableNotFound(String(TableName))
    throw error
  }
}

/** Adds settings that dynalite doesn't know. */
export function complete({ settings }: DynamoContext, table: Json): Json {
  const { deletionProtection, restore } = settings.get(String(table.TableName))
  const completed = { ...table, DeletionProtectionEnabled: deletionProtection }
  return restore
    ? {
        ...completed,
        TableStatus: 'CREATING',
        RestoreSummary: {
          ...(restore.sourceBackupArn !== undefined && {
            SourceBackupArn: restore.sourceBackupArn,
          }),
          SourceTableArn: restore.sourceTableArn,
          RestoreDateTime: restore.restoreDateTime / 1000,
          RestoreInProgress: true,
        },
      }
    : completed
}
