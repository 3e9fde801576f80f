import { Readable } from 'node:stream'
import type { IndexDb, Item, Store } from 'dynalite/db/index.js'
import { createHistory } from './createHistory.js'

/**
 * Global secondary indexes that show each write with a delay. Only reads are
 * delayed. Writes take effect immediately, so a kill loses nothing.
 *
 * @param lateMs - Returns the delay, which is 0 while nothing is delayed.
 * Called each time.
 */
export function makeIndexesLate(
  store: Store,
  now: () => number,
  lateMs: () => number,
): void {
  const { db, getIndexDb, deleteIndexDb } = store
  const late = new Map<string, IndexDb>()
  const toLate = (index: IndexDb, prefix: string): IndexDb => {
    const history = createHistory<Item>(now, lateMs)
    const noting =
      (write: (key: string, done: (error: unknown) => void) => void) =>
      async (key: string, done: (error: unknown) => void) => {
        const before = await db.get(prefix + key)
        write(key, (error) => {
          if (!error) history.note(key, before as Item | undefined)
          done(error)
        })
      }
    async function* read(range: Range) {
      const items = new Map<string, Item>()
      const all = { gte: prefix, lt: `${prefix}\xff` }
      for await (const [key, item] of db.iterator(all))
        items.set(key.slice(prefix.length), item as Item)
      for (const key of history.names()) {
        const item = history.late(key, items.get(key))
        if (item === undefined) items.delete(key)
        else items.set(key, item)
      }
      const keys = [...items.keys()].filter((key) => isIn(key, range)).sort()
      if (range.reverse) keys.reverse()
      const { limit = -1 } = range
      for (const key of limit < 0 ? keys : keys.slice(0, limit))
        yield items.get(key)
    }
    return Object.assign(Object.create(index), {
      put: ((key, item, done) =>
        void noting((name, noted) => index.put(name, item, noted))(
          key,
          done,
        )) satisfies IndexDb['put'],
      del: ((key, done) =>
        void noting((name, noted) => index.del(name, noted))(
          key,
          done,
        )) satisfies IndexDb['del'],
      createValueStream: (range: Range) => Readable.from(read(range)),
    })
  }
  store.getIndexDb = (type, table, name) => {
    const index = getIndexDb(type, table, name)
    // A local index supports consistent reads, so it is not delayed.
    if (type.toLowerCase() !== 'global') return index
    const id = `${table}~${name}`
    const found = late.get(id) ?? toLate(index, `index-global~${id}~`)
    late.set(id, found)
    return found
  }
  store.deleteIndexDb = (type, table, name, done) => {
    late.delete(`${table}~${name}`)
    deleteIndexDb(type, table, name, done)
  }
}

type Range = Parameters<IndexDb['createValueStream']>[0]

function isIn(key: string, { gt, gte, lt, lte }: Range): boolean {
  return (
    (gt === undefined || key > gt) &&
    (gte === undefined || key >= gte) &&
    (lt === undefined || key < lt) &&
    (lte === undefined || key <= lte)
  )
}
