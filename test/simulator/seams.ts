// The sender's seams as its design has them, until these files can import
// them: Runtime.ts, ledger/Store.ts and ledger/Item.ts of packages/sender/src.

export type Runtime = {
  /** Milliseconds since 1970. */
  now(): number
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** 0 <= x < 1 */
  random(): number
  uuid(): string
}

/** A value as DynamoDB's JSON spells it; bytes are base64. */
export type Value =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NS: string[] }

export type Item = Record<string, Value>

export type Key = { pk: string; sk: string }

export type Condition =
  | { is: 'there' | 'absent'; name: string }
  | { is: 'equal' | 'below' | 'above'; name: string; value: Value }
  | { is: 'one of'; name: string; values: readonly Value[] }
  | { is: 'all' | 'any'; of: readonly Condition[] }

export type Change = {
  set?: Item
  setIfNone?: Item
  add?: Item
  delete?: Item
  remove?: readonly string[]
  condition?: Condition
}

export type Query = {
  index?: string
  partition: [name: string, value: string]
  /** Inclusive. */
  between?: [name: string, from: string, to: string]
  descending?: boolean
  limit?: number
  after?: unknown
}

export type Settings = {
  deadline?: number | undefined
  /** Not to be tried again when it may have been done. */
  once?: boolean
}

export type Store = {
  readonly tableName: string
  readonly host: string
  get(key: Key, settings?: Settings): Promise<Item | undefined>
  getMany(keys: readonly Key[], settings?: Settings): Promise<Item[]>
  /** False when there is an item with this key. */
  create(item: Item, settings?: Settings): Promise<boolean>
  /** The whole item afterwards; undefined when the condition failed. */
  update(
    key: Key,
    change: Change,
    settings?: Settings,
  ): Promise<Item | undefined>
  query(
    query: Query,
    settings?: Settings,
  ): Promise<{ items: Item[]; after: unknown }>
  check(settings?: Settings): Promise<void>
}
