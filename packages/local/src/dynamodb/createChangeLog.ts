import type { Item, ItemDb, Store } from 'dynalite/db/index.js'

/**
 * The history of tables with point-in-time recovery. Each write also stores the
 * item's previous state, in the same database write. To get the table at an
 * earlier time, all later changes to the current table are undone.
 */
export type ChangeLog = {
  /** Starts a new history. Earlier states can't be recovered. */
  start(table: string): Promise<void>
  /** Continues the history of an earlier process, or starts one. */
  resume(table: string): Promise<void>
  stop(table: string): Promise<void>
  /**
   * Earliest time, in ms, to which the table can be recovered; undefined if it
   * can't be.
   */
  since(table: string): number | undefined
  /** The table's items at a time in ms; by default, the current items. */
  itemsAt(table: string, at?: number): Promise<Item[]>
}

type Change = {
  at: number
  key: string
  /** Null if the item did not exist. */
  before: Item | null
  /** Total size of the history up to this change, in characters of JSON. */
  total: number
}

type Log = {
  since: number
  last: Pick<Change, 'at' | 'total'>
  number: number
  /** `total` of the last change that was dropped. */
  dropped: number
  writing: Set<Promise<void>>
}

const longestMs = 35 * 24 * 3600 * 1000

export function createChangeLog(parameters: {
  store: Store
  /** Milliseconds since 1970. */
  now: () => number
  /** Limit per table; the oldest changes are dropped first. Default 64 MB. */
  maxSize?: number
}): ChangeLog {
  const { store, now, maxSize = 64_000_000 } = parameters
  const { db } = store
  const logs = new Map<string, Log>()
  const plainItemDb = store.getItemDb
  store.getItemDb = (table) => {
    const items = plainItemDb(table)
    const log = logs.get(table)
    return log ? recording(items, table, log) : items
  }

  /** Wraps an operation that locks, reads and writes the item. */
  const recording = (items: ItemDb, table: string, log: Log): ItemDb => {
    const read = new Map<string, Item | undefined>()
    const write = async (key: string, value?: Item) => {
      const before = read.has(key)
        ? read.get(key)
        : ((await db.get(`${itemsOf(table).gte}${key}`)) as Item | undefined)
      await record(table, log, { key, before: before ?? null }, value)
    }
    return Object.assign(Object.create(items), {
      get: ((key, callback) =>
        items.get(key, (error, item) => {
          if (!error) read.set(key, item)
          callback(error, item)
        })) satisfies ItemDb['get'],
      put: ((key, value, callback) =>
        write(key, value).then(
          () => callback(null),
          callback,
        )) satisfies ItemDb['put'],
      del: ((key, callback) =>
        write(key).then(
          () => callback(null),
          callback,
        )) satisfies ItemDb['del'],
    })
  }

  async function record(
    table: string,
    log: Log,
    { key, before }: Pick<Change, 'key' | 'before'>,
    value: Item | undefined,
  ) {
    const full = `${itemsOf(table).gte}${key}`
    const change: Change = {
      at: Math.max(now(), log.last.at),
      key,
      before,
      total: log.last.total + key.length + JSON.stringify(before).length,
    }
    log.last = change
    log.number += 1
    const written = db.batch([
      value === undefined
        ? { type: 'del', key: full }
        : { type: 'put', key: full, value },
      { type: 'put', key: changeKey(table, log.number), value: change },
    ])
    log.writing.add(written)
    try {
      await written
    } finally {
      log.writing.delete(written)
    }
    if (log.last.total - log.dropped > maxSize) await drop(table, log)
  }

  /** Drops expired changes, and then a quarter of the limit, oldest first. */
  async function drop(table: string, log: Log): Promise<void> {
    const keep = (maxSize * 3) / 4
    const oldest = now() - longestMs
    const isOver = ({ at, total }: Change) =>
      at < oldest || log.last.total - total >= keep
    const keys: string[] = []
    for await (const [key, value] of db.iterator(changesOf(table))) {
      const change = value as Change
      if (!isOver(change)) break
      keys.push(key)
      log.since = Math.max(log.since, change.at)
      log.dropped = Math.max(log.dropped, change.total)
    }
    await db.batch([
      { type: 'put', key: sinceKey(table), value: log.since },
      ...keys.map((key) => ({ type: 'del', key }) as const),
    ])
  }

  const start = async (table: string) => {
    await forget(table)
    const since = now()
    await db.put(sinceKey(table), since)
    logs.set(table, {
      since,
      last: { at: since, total: 0 },
      number: 0,
      dropped: 0,
      writing: new Set(),
    })
  }

  const forget = async (table: string) => {
    logs.delete(table)
    await db.clear(changesOf(table))
    await db.del(sinceKey(table))
  }

  return {
    start,
    stop: forget,
    async resume(table) {
      const since = (await db.get(sinceKey(table))) as number | undefined
      if (since === undefined) return await start(table)
      let first: Change | undefined
      for await (const value of db.values({ ...changesOf(table), limit: 1 }))
        first = value as Change
      const log: Log = {
        since,
        last: { at: since, total: 0 },
        number: 0,
        dropped: first
          ? first.total - first.key.length - JSON.stringify(first.before).length
          : 0,
        writing: new Set(),
      }
      for await (const [key, value] of db.iterator({
        ...changesOf(table),
        reverse: true,
        limit: 1,
      })) {
        log.last = value as Change
        log.number = Number(key.slice(key.lastIndexOf('~') + 1))
      }
      logs.set(table, log)
      if (first && first.at < now() - longestMs) await drop(table, log)
    },
    since: (table) => logs.get(table)?.since,
    async itemsAt(table, at = Number.POSITIVE_INFINITY) {
      const log = logs.get(table)
      await Promise.allSettled([...(log?.writing ?? [])])
      // Writes between the two are in the history, so they are undone.
      const items = db.iterator(itemsOf(table))
      const changes = log ? db.values(changesOf(table)) : []
      const then = new Map<string, Item | null>()
      for await (const value of changes) {
        const change = value as Change
        if (change.at > at && !then.has(change.key))
          then.set(change.key, change.before)
      }
      const found: Item[] = []
      const { length } = itemsOf(table).gte
      for await (const [full, value] of items) {
        const key = full.slice(length)
        const item = then.has(key) ? then.get(key) : value
        then.delete(key)
        if (item) found.push(item as Item)
      }
      for (const item of then.values()) if (item) found.push(item)
      return found
    },
  }
}

/** The keys under which dynalite stores items. */
const itemsOf = (table: string) => toRange(`item-${table}~`)
const changesOf = (table: string) => toRange(`keyward-change~${table}~`)
const sinceKey = (table: string) => `keyward-since~${table}`
const changeKey = (table: string, number: number) =>
  `${changesOf(table).gte}${String(number).padStart(16, '0')}`

const toRange = (prefix: string) => ({ gte: prefix, lt: `${prefix}\xff` })
