import { createStore } from '../../packages/sender/src/ledger/memory/createStore.js'
import type { Item, Key, Store } from './seams.js'

/** A table in memory, and what those who reach into it do. */
export type Table = {
  store: Store
  /** All rows, by key. */
  items(): Item[]
  put(item: Item): void
  delete(key: Key): void
}

export function createTable(
  tableName: string,
  given: readonly Item[] = [],
): Table {
  const store = createStore(tableName)
  const { items } = store
  const text = (item: Item, name: string) => (item[name] as { S: string }).S
  const idOf = ({ pk, sk }: Key) => `${pk}\0${sk}`
  const put = (item: Item) => {
    const key = { pk: text(item, 'pk'), sk: text(item, 'sk') }
    items.set(idOf(key), { ...item })
  }
  for (const item of given) put(item)
  return {
    store,
    items: () =>
      [...items]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, item]) => ({ ...item })),
    put,
    delete: (key) => void items.delete(idOf(key)),
  }
}
