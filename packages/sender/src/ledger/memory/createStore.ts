import { isMet } from '../Condition.js'
import type { Item, Value } from '../Item.js'
import type { Change, Key, Store } from '../Store.js'

export type MemoryStore = Store & {
  /** All items, by partition and sort key: for tests and simulations. */
  readonly items: Map<string, Item>
}

/** Sort keys of the indexes; both are `created`. */
const indexed = { open: 'open', caller: 'callerOf' }

/** A table in this process's memory, with DynamoDB's semantics. */
export function createStore(
  tableName: string,
  items = new Map<string, Item>(),
): MemoryStore {
  return {
    tableName,
    host: 'memory',
    items,
    async get(key) {
      return copy(items.get(toId(key)))
    },
    async getMany(keys, { attributes } = {}) {
      return keys.flatMap((key) => {
        const item = copy(items.get(toId(key)))
        return item === undefined ? [] : [project(item, attributes)]
      })
    },
    async create(item) {
      const id = toId(keyOf(item))
      if (items.has(id)) return false
      items.set(id, { ...item })
      return true
    },
    async update(key, change) {
      const id = toId(key)
      const found = items.get(id)
      if (change.condition !== undefined && !isMet(change.condition, found))
        return undefined
      const changed = apply(found ?? toItem(key), change)
      items.set(id, changed)
      return copy(changed)
    },
    async query({ index, partition, between, descending, limit, after }) {
      const name = index === undefined ? 'pk' : indexed[index as 'open']
      const sort = index === undefined ? 'sk' : 'created'
      const order = (item: Item) =>
        `${text(item[sort])}\0${text(item.pk)}\0${text(item.sk)}`
      const start = after === undefined ? undefined : order(after as Item)
      const matching = [...items.values()]
        .filter((item) => {
          if (name !== partition[0] || text(item[name]) !== partition[1])
            return false
          const by = text(item[sort])
          return between === undefined || (by >= between[1] && by <= between[2])
        })
        .sort((a, b) => (order(a) < order(b) ? -1 : 1))
      if (descending) matching.reverse()
      const left = matching.filter(
        (item) =>
          start === undefined ||
          (descending ? order(item) < start : order(item) > start),
      )
      const page = left.slice(0, limit)
      const last = page.at(-1)
      return {
        items: page.map((item) =>
          project(
            item,
            index === undefined ? undefined : ['pk', 'sk', name, sort],
          ),
        ),
        after:
          last === undefined || page.length === left.length ? undefined : last,
      }
    },
    async check() {},
  }
}

function apply(item: Item, change: Change): Item {
  const changed: Item = { ...item, ...change.set }
  for (const [name, value] of Object.entries(change.setIfNone ?? {}))
    changed[name] = item[name] ?? value
  for (const [name, value] of Object.entries(change.add ?? {}))
    changed[name] = add(item[name], value)
  for (const [name, value] of Object.entries(change.delete ?? {})) {
    const left = setOf(item[name]).filter((one) => !setOf(value).includes(one))
    // DynamoDB knows no empty sets.
    if (left.length === 0) delete changed[name]
    else changed[name] = { NS: left }
  }
  for (const name of change.remove ?? []) delete changed[name]
  return changed
}

function add(to: Value | undefined, value: Value): Value {
  if ('NS' in value) return { NS: [...new Set([...setOf(to), ...value.NS])] }
  const number = (one: Value | undefined) =>
    one !== undefined && 'N' in one ? BigInt(one.N) : 0n
  return { N: String(number(to) + number(value)) }
}

function setOf(value: Value | undefined): string[] {
  return value !== undefined && 'NS' in value ? value.NS : []
}

function project(item: Item, attributes: readonly string[] | undefined): Item {
  if (attributes === undefined) return { ...item }
  return Object.fromEntries(
    Object.entries(item).filter(([name]) => attributes.includes(name)),
  )
}

function copy(item: Item | undefined): Item | undefined {
  return item && { ...item }
}

function keyOf(item: Item): Key {
  return { pk: text(item.pk), sk: text(item.sk) }
}

function toItem({ pk, sk }: Key): Item {
  return { pk: { S: pk }, sk: { S: sk } }
}

function toId({ pk, sk }: Key): string {
  return `${pk}\0${sk}`
}

function text(value: Value | undefined): string {
  return value !== undefined && 'S' in value ? value.S : ''
}
