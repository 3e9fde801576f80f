import { mkdirSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import batchGetItem from 'dynalite/actions/batchGetItem.js'
import batchWriteItem from 'dynalite/actions/batchWriteItem.js'
import createTable from 'dynalite/actions/createTable.js'
import deleteItem from 'dynalite/actions/deleteItem.js'
import deleteTable from 'dynalite/actions/deleteTable.js'
import describeTable from 'dynalite/actions/describeTable.js'
import describeTimeToLive from 'dynalite/actions/describeTimeToLive.js'
import getItem from 'dynalite/actions/getItem.js'
import listTables from 'dynalite/actions/listTables.js'
import listTagsOfResource from 'dynalite/actions/listTagsOfResource.js'
import putItem from 'dynalite/actions/putItem.js'
import query from 'dynalite/actions/query.js'
import scan from 'dynalite/actions/scan.js'
import tagResource from 'dynalite/actions/tagResource.js'
import untagResource from 'dynalite/actions/untagResource.js'
import updateItem from 'dynalite/actions/updateItem.js'
import updateTable from 'dynalite/actions/updateTable.js'
import database from 'dynalite/db/index.js'
import ofBatchGetItem from 'dynalite/validations/batchGetItem.js'
import ofBatchWriteItem from 'dynalite/validations/batchWriteItem.js'
import ofCreateTable from 'dynalite/validations/createTable.js'
import ofDeleteItem from 'dynalite/validations/deleteItem.js'
import ofDeleteTable from 'dynalite/validations/deleteTable.js'
import ofDescribeTable from 'dynalite/validations/describeTable.js'
import ofDescribeTimeToLive from 'dynalite/validations/describeTimeToLive.js'
import ofGetItem from 'dynalite/validations/getItem.js'
import validations from 'dynalite/validations/index.js'
import ofListTables from 'dynalite/validations/listTables.js'
import ofListTagsOfResource from 'dynalite/validations/listTagsOfResource.js'
import ofPutItem from 'dynalite/validations/putItem.js'
import ofQuery from 'dynalite/validations/query.js'
import ofScan from 'dynalite/validations/scan.js'
import ofTagResource from 'dynalite/validations/tagResource.js'
import ofUntagResource from 'dynalite/validations/untagResource.js'
import ofUpdateItem from 'dynalite/validations/updateItem.js'
import ofUpdateTable from 'dynalite/validations/updateTable.js'
import { HomeError } from '../HomeError.js'
import { DynamoError } from './errors.js'

const actions = {
  BatchGetItem: [batchGetItem, ofBatchGetItem],
  BatchWriteItem: [batchWriteItem, ofBatchWriteItem],
  CreateTable: [createTable, ofCreateTable],
  DeleteItem: [deleteItem, ofDeleteItem],
  DeleteTable: [deleteTable, ofDeleteTable],
  DescribeTable: [describeTable, ofDescribeTable],
  DescribeTimeToLive: [describeTimeToLive, ofDescribeTimeToLive],
  GetItem: [getItem, ofGetItem],
  ListTables: [listTables, ofListTables],
  ListTagsOfResource: [listTagsOfResource, ofListTagsOfResource],
  PutItem: [putItem, ofPutItem],
  Query: [query, ofQuery],
  Scan: [scan, ofScan],
  TagResource: [tagResource, ofTagResource],
  UntagResource: [untagResource, ofUntagResource],
  UpdateItem: [updateItem, ofUpdateItem],
  UpdateTable: [updateTable, ofUpdateTable],
} as const

/** The operations that dynalite does. */
export type EngineOperation = keyof typeof actions

export const isEngineOperation = (name: string): name is EngineOperation =>
  Object.hasOwn(actions, name)

export type Json = Record<string, unknown>

/** dynalite, without its server. */
export type Engine = {
  /** @throws {DynamoError} with dynalite's own answer. */
  call(operation: EngineOperation, input: Json): Promise<Json>
  /** Waits for what is under way. */
  close(): Promise<void>
}

/**
 * Opens the database in a folder. Every write is in the operating system's
 * hands before it is answered, so a killed process loses none.
 *
 * @throws {HomeError} file-damaged
 */
export async function createEngine(parameters: {
  folder: string
  accountId: string
  region: string
}): Promise<Engine> {
  const { folder, accountId, region } = parameters
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const store = database.create({
    path: folder,
    // AWS takes seconds; here nobody is to wait.
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
  })
  store.tableDb.awsAccountId = accountId
  store.tableDb.awsRegion = region
  try {
    await store.db.open()
  } catch (error) {
    throw new HomeError(
      'file-damaged',
      `The tables in ${folder} can't be opened. Restore the folder from a backup, or start anew with --reset.`,
      error,
    )
  }

  const perform: Engine['call'] = async (operation, input) => {
    const [action, { types, custom }] = actions[operation]
    let checked: object
    try {
      checked = validations.checkTypes(input, types)
      validations.checkValidations(checked, types, custom, store)
    } catch (error) {
      throw toDynamoError(error)
    }
    return await new Promise((resolve, reject) => {
      action(store, checked, (error, output) =>
        error ? reject(toDynamoError(error)) : resolve(output),
      )
    })
  }

  /** dynalite answers a moment before it is done, as AWS does minutes before. */
  const call: Engine['call'] = async (operation, input) => {
    const output = await perform(operation, input)
    const { TableDescription: table } = output
    if (!/^(?:Create|Update|Delete)Table$/.test(operation)) return output
    const { TableName } = table as Json
    for (;;) {
      const status = await statusOf(TableName)
      if (status === undefined || status === 'ACTIVE') return output
      await setImmediate()
    }
  }

  async function statusOf(TableName: unknown): Promise<unknown> {
    try {
      const { Table } = await perform('DescribeTable', { TableName })
      return (Table as Json).TableStatus
    } catch (error) {
      if (error instanceof DynamoError) return undefined
      throw error
    }
  }

  await finishTables()
  return { call, close: () => store.lifecycleManager.gracefulClose() }

  /** A table is in between for a moment only, unless the home was killed. */
  async function finishTables() {
    for (const name of await listAll()) {
      const { Table } = await perform('DescribeTable', { TableName: name })
      const table = Table as Json
      if (table.TableStatus === 'DELETING')
        await call('DeleteTable', { TableName: name })
      else if (table.TableStatus !== 'ACTIVE')
        await new Promise<void>((resolve, reject) =>
          store.tableDb.put(
            name,
            {
              ...table,
              TableStatus: 'ACTIVE',
              ...(Array.isArray(table.GlobalSecondaryIndexes) && {
                GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map(
                  (index: Json) => ({ ...index, IndexStatus: 'ACTIVE' }),
                ),
              }),
            },
            (error) => (error ? reject(error) : resolve()),
          ),
        )
    }
  }

  async function listAll(): Promise<string[]> {
    const names: string[] = []
    for (let last: unknown; ; ) {
      const page = await perform('ListTables', {
        ...(last !== undefined && { ExclusiveStartTableName: last }),
      })
      names.push(...(page.TableNames as string[]))
      last = page.LastEvaluatedTableName
      if (last === undefined) return names
    }
  }
}

/** dynalite marks what is meant to be answered. */
function toDynamoError(error: unknown): unknown {
  const { statusCode, body } = error as { statusCode?: number; body?: Json }
  return statusCode !== undefined && body !== undefined
    ? new DynamoError(body, statusCode)
    : error
}
