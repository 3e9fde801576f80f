import type {
  Change,
  Condition,
  Key,
  Path,
  Range,
  Store,
  Value,
  Values,
} from '../Store.js'

/** A table in this process's memory, with DynamoDB's semantics. */
export function createStore(
  now: () => number,
  items = new Map<string, { key: Key; item: Values }>(),
): Store {
  const answer = <value>(value: value) => ({ value, at: now() })
  return {
    host: 'memory',
    async get(key) {
      const found = items.get(toId(key))
      return answer(found && structuredClone(found.item))
    },
    async list(pk, _, range) {
      const all = [...items.values()].filter(({ key }) => key.pk === pk)
      return answer(structuredClone(range ? newestOf(all, range) : all))
    },
    async create(key, item) {
      const id = toId(key)
      if (items.has(id)) return answer(false)
      items.set(id, structuredClone({ key, item }))
      return answer(true)
    },
    async replace(key, item, when) {
      const id = toId(key)
      const found = items.get(id)
      if (found === undefined) return answer(false)
      if (!when.every((one) => isMet(one, found.item))) return answer(false)
      items.set(id, structuredClone({ key, item }))
      return answer(true)
    },
    async update(key, change) {
      const found = items.get(toId(key))
      if (found === undefined) return answer(false)
      const { item } = found
      if (!change.when.every((one) => isMet(one, item))) return answer(false)
      found.item = apply(item, change)
      return answer(true)
    },
  }
}

function newestOf<item extends { key: Key }>(
  items: item[],
  { from, to, newest }: Range,
): item[] {
  return items
    .filter(({ key }) => key.sk >= from && key.sk <= to)
    .sort((a, b) => (a.key.sk < b.key.sk ? 1 : -1))
    .slice(0, newest)
}

function isMet(condition: Condition, item: Values): boolean {
  const found = find(item, condition.path)
  if (condition.is === 'absent') return found === undefined
  if (condition.is === 'equal') return found === condition.value
  return typeof found === 'bigint' && found <= condition.value
}

function find(item: Values, path: Path): Value | undefined {
  let value: Value | undefined = item
  for (const name of path) {
    if (typeof value !== 'object') return undefined
    value = value[name]
  }
  return value
}

function apply(item: Values, { set, add, remove }: Change): Values {
  assertApart([...(set ?? []), ...(add ?? [])].map(([path]) => path))
  const changed = structuredClone(item)
  for (const [path, value] of set ?? [])
    parentOf(changed, path)[path.at(-1)!] = structuredClone(value)
  for (const [path, amount] of add ?? []) {
    const before = find(item, path)
    if (typeof before !== 'bigint')
      throw new TypeError(`${path.join('.')} is not a number.`)
    parentOf(changed, path)[path.at(-1)!] = before + amount
  }
  for (const path of remove ?? []) delete parentOf(changed, path)[path.at(-1)!]
  return changed
}

/** DynamoDB refuses updates that name a path twice. */
function assertApart(paths: readonly Path[]): void {
  const names = paths.map((path) => path.join('\0'))
  if (new Set(names).size < names.length)
    throw new TypeError(`Two paths overlap: ${names.join(', ')}.`)
}

function parentOf(item: Values, path: Path): Values {
  const parent = find(item, path.slice(0, -1))
  if (typeof parent !== 'object')
    throw new TypeError(`There is no map at ${path.slice(0, -1).join('.')}.`)
  return parent
}

function toId({ pk, sk }: Key): string {
  return `${pk}\0${sk}`
}
