import type { Item } from 'dynalite/db/index.js'
import { AwsError } from '../protocol/Service.js'
import type { Members } from './actions.js'
import { billingMode, toIndexes, toThroughput } from './backups.js'
import type { Restore } from './createTableSettings.js'
import type { DynamoContext } from './DynamoContext.js'
import { complete } from './describeTable.js'
import type { Json } from './Json.js'

export const targetTableName: Members[string] = {
  type: 'String',
  notNull: true,
  regex: '[a-zA-Z0-9_.-]+',
  lengthGreaterThanOrEqual: 3,
  lengthLessThanOrEqual: 255,
}

/** @throws AwsError TableInUseException, TableAlreadyExistsException */
export function assertNew({ settings }: DynamoContext, name: string): void {
  if (!settings.has(name)) return
  const { restore } = settings.get(name)
  if (restore)
    throw new AwsError(
      'TableInUseException',
      `Table: ${name} is already being restored from ${restore.sourceBackupArn === undefined ? `table: ${restore.sourceTableArn}` : `backup: ${restore.sourceBackupArn}`}`,
    )
  throw new AwsError(
    'TableAlreadyExistsException',
    `Table already exists: ${name}`,
  )
}

/**
 * Creates a table with these items, and with only the keys and indexes of
 * another table. As in AWS, the answer is sent when the restore starts.
 */
export async function restoreTable(
  context: DynamoContext,
  parameters: {
    name: string
    /** As DescribeTable returned it. */
    source: Json
    restore: Restore
    items: readonly Item[]
  },
): Promise<Json> {
  const { engine, settings } = context
  const { name, source, restore, items } = parameters
  settings.begin(name, { restore })
  let table: Json
  try {
    const created = await engine.call('CreateTable', toInput(source, name))
    table = created.TableDescription as Json
  } catch (error) {
    settings.clear(name)
    throw error
  }
  const TableDescription = complete(context, table)
  const fill = async () => {
    try {
      for (let i = 0; i < items.length; i += 25)
        await engine.call('BatchWriteItem', {
          RequestItems: {
            [name]: items
              .slice(i, i + 25)
              .map((Item) => ({ PutRequest: { Item } })),
          },
        })
      settings.change(name, { restore: undefined })
    } catch (error) {
      await dropTable(context, name)
      throw error
    }
  }
  context.restores.follow(fill(), restore.sourceBackupArn)
  return TableDescription
}

/** Cleans up after an unfinished restore. */
export async function dropTable(
  { engine, settings }: Pick<DynamoContext, 'engine' | 'settings'>,
  name: string,
): Promise<void> {
  await engine.call('DeleteTable', { TableName: name })
  settings.clear(name)
}

function toInput(source: Json, TableName: string): Json {
  const BillingMode = billingMode(source)
  const throughput = (value: unknown) =>
    BillingMode === 'PROVISIONED' && {
      ProvisionedThroughput: toThroughput(value),
    }
  return {
    TableName,
    BillingMode,
    AttributeDefinitions: source.AttributeDefinitions,
    KeySchema: source.KeySchema,
    ...throughput(source.ProvisionedThroughput),
    ...toIndexes(source, throughput),
  }
}
