import { mkdirSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import database, { type Store } from 'dynalite/db/index.js'
import validations from 'dynalite/validations/index.js'
import { HomeError } from '../HomeError.js'
import { makeIndexesLate } from '../strict/lateIndexes.js'
import { actions, type EngineOperation, type Members } from './actions.js'
import { type BackupStore, createBackupStore } from './createBackupStore.js'
import { type ChangeLog, createChangeLog } from './createChangeLog.js'
import { DynamoError } from './errors.js'
import type { Json } from './Json.js'

/** dynalite, without its server. */
export type Engine = {
  /** @throws {DynamoError} with dynalite's own answer */
  call(operation: EngineOperation, input: Json): Promise<Json>
  /**
   * The validated members of a request, with their types.
   *
   * @throws {DynamoError} with AWS's text.
   */
  check(input: Json, members: Members): Json
  tableNames(): Promise<string[]>
  changes: ChangeLog
  backups: BackupStore
  /** Waits for running operations. */
  close(): Promise<void>
}

/**
 * Opens the database in a folder. Every write reaches the operating system
 * before it is answered, so a killed process loses none.
 *
 * @throws {HomeError} file-damaged
 */
export async function createEngine(parameters: {
  folder: string
  accountId: string
  region: string
  /** Milliseconds since 1970. */
  now: () => number
  /** Delay until global indexes show a write; default none. */
  lateMs?: (() => number) | undefined
}): Promise<Engine> {
  const { folder, accountId, region, now, lateMs } = parameters
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const store = database.create({
    path: folder,
    // AWS takes seconds. Here, no one should have to wait.
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
      `The tables in ${folder} can't be opened. Restore the folder from a backup, or start again with --reset.`,
      error,
    )
  }

  if (lateMs) makeIndexesLate(store, now, lateMs)
  const changes = createChangeLog({ store, now })
  const backups = await createBackupStore({ store, now })
  const batchStore = answeringMore(store)

  const validate = (input: Json, types: Members, custom?: unknown): Json => {
    try {
      // dynalite deletes unknown members from its input.
      const checked = validations.checkTypes({ ...input }, types)
      validations.checkValidations(checked, types, custom, store)
      return checked
    } catch (error) {
      throw toDynamoError(error)
    }
  }

  const perform: Engine['call'] = async (operation, input) => {
    const [action, { types, custom }] = actions[operation]
    const checked = validate(input, types, custom)
    const from = operation === 'BatchGetItem' ? batchStore : store
    return await new Promise((resolve, reject) => {
      action(from, checked, (error, output) =>
        error ? reject(toDynamoError(error)) : resolve(toAnswer(output)),
      )
    })
  }

  /** dynalite answers shortly before it is done; AWS answers minutes before. */
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
  return {
    call,
    check: (input, members) => validate(input, members),
    tableNames: listAll,
    changes,
    backups,
    close: () => store.lifecycleManager.gracefulClose(),
  }

  /**
   * A table is in a transitional state only briefly, unless the home was
   * killed.
   */
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

/**
 * dynalite's BatchGetItem stops at 1 MiB plus one item of the largest size; AWS
 * returns up to 16 MB.
 */
function answeringMore(store: Store): Store {
  const maxItemSize = 15 * 1024 * 1024 + 3
  return Object.assign(Object.create(store), {
    options: { ...store.options, maxItemSize },
  })
}

/** Whether an error is meant as an answer. dynalite marks these errors. */
function toDynamoError(error: unknown): unknown {
  const { statusCode, body } = error as { statusCode?: number; body?: Json }
  return statusCode !== undefined && body !== undefined
    ? new DynamoError(body, statusCode)
    : error
}

/**
 * Removes members that dynalite returns for tables but DynamoDB doesn't return.
 */
function toAnswer(output: Json): Json {
  const answer = { ...output }
  for (const name of ['Table', 'TableDescription']) {
    if (answer[name] === undefined) continue
    // This returns a copy, because dynalite keeps using the original.
    const { TableThroughputModeSummary: _, ...table } = answer[name] as Json
    answer[name] = table
  }
  return answer
}
