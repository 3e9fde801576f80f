import type { Change, Condition, Item, Key, Store, Value } from './seams.js'

/** A table in memory, and what those who reach into it do. */
export type Table = {
  store: Store
  /** All rows, by key. */
  items(): Item[]
  put(item: Item): void
  delete(key: Key): void
}

const indexes: Record<string, [partition: string, sort: string]> = {
  open: ['open', 'created'],
  caller: ['callerOf', 'created'],
}

/** DynamoDB's few operations, each done at once. */
export function createTable(
  tableName: string,
  given: readonly Item[] = [],
): Table {
  const rows = new Map<string, Item>()
  const nameOf = ({ pk, sk }: Key) => `${pk}\n${sk}`
  const keyOf = (item: Item): Key => ({
    pk: textOf(item, 'pk'),
    sk: textOf(item, 'sk'),
  })
  const put = (item: Item) => void rows.set(nameOf(keyOf(item)), { ...item })
  for (const item of given) put(item)

  const store: Store = {
    tableName,
    host: 'memory',
    async get(key) {
      const item = rows.get(nameOf(key))
      return item && { ...item }
    },
    async getMany(keys) {
      return keys.flatMap((key) => {
        const item = rows.get(nameOf(key))
        return item === undefined ? [] : [{ ...item }]
      })
    },
    async create(item) {
      if (rows.has(nameOf(keyOf(item)))) return false
      put(item)
      return true
    },
    async update(key, change) {
      const before = rows.get(nameOf(key)) ?? {}
      if (change.condition !== undefined && !holds(change.condition, before))
        return undefined
      const after = apply(change, {
        pk: { S: key.pk },
        sk: { S: key.sk },
        ...before,
      })
      put(after)
      return { ...after }
    },
    async query({ index, partition, between, descending, limit, after }) {
      const sort = index === undefined ? 'sk' : (indexes[index]?.[1] ?? 'sk')
      const [name, value] = partition
      const found: Item[] = []
      for (const item of rows.values()) {
        if (textOf(item, name) !== value) continue
        if (item[sort] === undefined) continue
        const at = textOf(item, sort)
        if (between === undefined || (at >= between[1] && at <= between[2]))
          found.push(item)
      }
      const rank = (item: Item) =>
        `${textOf(item, sort)}\n${textOf(item, 'pk')}`
      found.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
      if (descending) found.reverse()
      const start = after === undefined ? undefined : rank(after as Item)
      const rest =
        start === undefined
          ? found
          : found.filter((item) =>
              descending ? rank(item) < start : rank(item) > start,
            )
      const items = rest.slice(0, limit ?? rest.length)
      const last = items.at(-1)
      return {
        items: items.map((item) => ({ ...item })),
        after: items.length < rest.length ? { ...last } : undefined,
      }
    },
    async check() {},
  }
  return {
    store,
    items: () =>
      [...rows]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, item]) => ({ ...item })),
    put,
    delete: (key) => void rows.delete(nameOf(key)),
  }
}

function textOf(item: Item, name: string): string {
  const value = item[name]
  return value !== undefined && 'S' in value ? value.S : ''
}

/** What a condition says of an item; {} stands for one that is not there. */
export function holds(condition: Condition, item: Item): boolean {
  if ('of' in condition) {
    const { of } = condition
    return condition.is === 'all'
      ? of.every((one) => holds(one, item))
      : of.some((one) => holds(one, item))
  }
  const value = item[condition.name]
  if (!('value' in condition) && !('values' in condition))
    return (value !== undefined) === (condition.is === 'there')
  if (value === undefined) return false
  if ('values' in condition)
    return condition.values.some((one) => compare(value, one) === 0)
  const order = compare(value, condition.value)
  if (condition.is === 'equal') return order === 0
  return condition.is === 'below' ? order === -1 : order === 1
}

/** Undefined for values of two types. */
function compare(a: Value, b: Value): -1 | 0 | 1 | undefined {
  const [type = ''] = Object.keys(a)
  if (!(type in b)) return undefined
  const [left, right] = [a, b].map((one) => {
    const value = (one as Record<string, unknown>)[type]
    return type === 'N' ? BigInt(String(value)) : String(value)
  }) as [string, string]
  return left < right ? -1 : left > right ? 1 : 0
}

function apply(change: Change, before: Item): Item {
  const after = { ...before, ...change.set }
  for (const [name, value] of Object.entries(change.setIfNone ?? {}))
    after[name] = before[name] ?? value
  for (const [name, value] of Object.entries(change.add ?? {}))
    after[name] = sum(before[name], value)
  for (const [name, value] of Object.entries(change.delete ?? {})) {
    const gone = new Set(numbersOf(value))
    const left = numbersOf(before[name]).filter((one) => !gone.has(one))
    if (left.length > 0) after[name] = { NS: left }
    else delete after[name]
  }
  for (const name of change.remove ?? []) delete after[name]
  return after
}

function sum(before: Value | undefined, more: Value): Value {
  if ('NS' in more)
    return { NS: [...new Set([...numbersOf(before), ...more.NS])] }
  const [a, b] = [before, more].map((one) =>
    one !== undefined && 'N' in one ? BigInt(one.N) : 0n,
  ) as [bigint, bigint]
  return { N: String(a + b) }
}

function numbersOf(value: Value | undefined): string[] {
  return value !== undefined && 'NS' in value ? value.NS : []
}
