import type { Item } from './Item.js'
import type { Query, Store } from './Store.js'

/** The items of all pages. */
export async function queryAll(
  store: Store,
  query: Omit<Query, 'after'>,
  deadline: Parameters<Store['query']>[1],
): Promise<Item[]> {
  const items: Item[] = []
  let after: unknown
  do {
    const page = await store.query({ ...query, after }, deadline)
    items.push(...page.items)
    after = page.after
  } while (after !== undefined)
  return items
}
