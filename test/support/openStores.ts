import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Runtime } from '../../packages/core/src/rpc/Runtime.js'
import { systemRuntime } from '../../packages/core/src/rpc/Runtime.js'
import { createLocalHome } from '../../packages/local/src/index.js'
import { createStore as createDynamoStore } from '../../packages/sender/src/ledger/dynamodb/createStore.js'
import type { Item } from '../../packages/sender/src/ledger/Item.js'
import { createStore as createMemoryStore } from '../../packages/sender/src/ledger/memory/createStore.js'
import { callDynamo, ledgerTable } from './ledgerTable.js'
import { sort } from './sortItems.js'

export type Stores = Awaited<ReturnType<typeof openStores>>

const tableName = 'ledger'

/** The ledger's table in the local home, and the store in memory beside it. */
export async function openStores() {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyward stores '))
  const home = await createLocalHome({ dataDir, port: 0, chain: false })
  const { endpoint, region } = home
  const aws = { endpoint, region, credentials: home.credentials('root') }
  await callDynamo(aws, 'CreateTable', ledgerTable(tableName))
  return {
    newDynamo: (runtime: Runtime = systemRuntime) =>
      createDynamoStore(tableName, { ...aws, runtime }),
    newMemory: () => createMemoryStore(tableName),
    /** As they are, and at once. */
    async write(items: Item[]): Promise<void> {
      if (items.length === 0) return
      const puts = items.map((item) => ({ PutRequest: { Item: item } }))
      const RequestItems = { [tableName]: puts }
      await callDynamo(aws, 'BatchWriteItem', { RequestItems })
    },
    /** All items of the table, in order. */
    async scan(): Promise<Item[]> {
      const items: Item[] = []
      let ExclusiveStartKey: unknown
      do {
        const page = await callDynamo(aws, 'Scan', {
          TableName: tableName,
          ConsistentRead: true,
          ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
        })
        items.push(...(page.Items as Item[]))
        ExclusiveStartKey = page.LastEvaluatedKey
      } while (ExclusiveStartKey !== undefined)
      return sort(items)
    },
    async close() {
      await home.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
