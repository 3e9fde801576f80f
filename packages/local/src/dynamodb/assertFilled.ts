import { AwsError } from '../protocol/Service.js'
import type { DynamoContext } from './DynamoContext.js'
import { backupTableNotFound, tableNotFound } from './errors.js'
import type { Json } from './Json.js'
import { isObject, nameOf } from './Table.js'

/**
 * While a restore fills a table, AWS describes the table, but other operations
 * say that it doesn't exist.
 *
 * @throws AwsError
 */
export function assertFilled(
  operation: string,
  { TableName, RequestItems, ResourceArn }: Json,
  context: DynamoContext,
): void {
  const names = [
    ...(typeof TableName === 'string' ? [TableName] : []),
    ...(isObject(RequestItems) ? Object.keys(RequestItems) : []),
    ...(typeof ResourceArn === 'string'
      ? [nameOf(ResourceArn, context) ?? '']
      : []),
  ]
  for (const name of names)
    if (context.settings.get(name).restore) refuse(operation, name)
}

function refuse(operation: string, name: string): void {
  if (/^(?:CreateTable|DescribeTable|ListBackups)$/.test(operation)) return
  if (operation === 'DeleteTable')
    throw new AwsError(
      'ResourceInUseException',
      `Attempt to change a resource which is still in use: Table is being created: ${name}`,
    )
  if (/Backups?$/.test(operation)) throw backupTableNotFound(name)
  if (/^(?:Batch|Query$|Scan$)|Item$/.test(operation))
    throw new AwsError(
      'ResourceNotFoundException',
      'Requested resource not found',
    )
  throw tableNotFound(name)
}
