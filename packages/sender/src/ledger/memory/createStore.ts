import { isMet } from '../Condition.js'
import { LedgerServiceError, LedgerTableError } from '../errors.js'
import type { Item, Value } from '../Item.js'
import type { Change, Key, Store } from '../Store.js'

export type MemoryStore = Store & {
  /** All items, by partition and sort key: for tests and simulations. */
  readonly items: Map<string, Item>
}

const otherShape = 'has keys or indexes other than those the ledger needs'

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
      const item = items.get(toId(key))
      return item && copy(item)
    },
    async getMany(keys, { attributes } = {}) {
      return [...new Set(keys.map(toId))].flatMap((id) => {
        const item = items.get(id)
        return item === undefined ? [] : [project(item, attributes)]
      })
    },
    async create(item) {
      const id = toId(keyOf(item))
      if (items.has(id)) return false
      items.set(id, copy(item))
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
      if (partition[0] !== name || (between && between[0] !== sort))
        throw new LedgerTableError(tableName, 'memory', otherShape)
      if (between && between[1] > between[2])
        throw invalid('Query', 'The lower bound is greater than the upper one')
      const order = (item: Item) =>
        `${text(item[sort])}\0${text(item.pk)}\0${text(item.sk)}`
      const start = after === undefined ? undefined : order(after as Item)
      const matching = [...items.values()]
        .filter((item) => {
          if (text(item[name]) !== partition[1]) return false
          // An index only contains items that have all of its keys.
          if (item[sort] === undefined) return false
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
        // DynamoDB doesn't check whether anything follows the last item.
        after:
          last === undefined || limit === undefined || page.length < limit
            ? undefined
            : project(last, ['pk', 'sk', name, sort]),
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
    const gone = setOf(value)
    const left = setOf(item[name]).filter((one) => !gone.includes(one))
    // DynamoDB has no empty sets.
    if (left.length === 0) delete changed[name]
    else changed[name] = { NS: left }
  }
  for (const name of change.remove ?? []) delete changed[name]
  return copy(changed)
}

function add(to: Value | undefined, value: Value): Value {
  if ('NS' in value) return { NS: [...new Set([...setOf(to), ...value.NS])] }
  return { N: String(numberOf(to) + numberOf(value)) }
}

function numberOf(value: Value | undefined): bigint {
  if (value === undefined) return 0n
  if ('N' in value) return BigInt(value.N)
  throw otherType()
}

function setOf(value: Value | undefined): string[] {
  if (value === undefined) return []
  if ('NS' in value) return value.NS
  throw otherType()
}

function otherType(): LedgerServiceError {
  return invalid(
    'UpdateItem',
    'An operand in the update expression has an incorrect data type',
  )
}

function invalid(operation: string, text: string): LedgerServiceError {
  return new LedgerServiceError(operation, {
    awsCode: 'ValidationException',
    text,
    status: 400,
    requestId: undefined,
  })
}

function project(item: Item, attributes: readonly string[] | undefined): Item {
  if (attributes === undefined) return copy(item)
  const named = Object.entries(item).filter(([name]) =>
    attributes.includes(name),
  )
  return copy(Object.fromEntries(named))
}

/** Copies only sets, because no other value can be changed. */
function copy(item: Item): Item {
  const copied: Item = { ...item }
  for (const [name, value] of Object.entries(item))
    if ('NS' in value) copied[name] = { NS: [...value.NS] }
  return copied
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
