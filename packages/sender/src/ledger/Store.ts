import type { Condition } from './Condition.js'
import type { Item } from './Item.js'

type Deadline = { deadline?: number | undefined }

export type Key = { pk: string; sk: string }

/** An update and its condition. */
export type Change = {
  set?: Item
  /** Values to set only if there is none yet. */
  setIfNone?: Item
  /** Adds to a number or a set of numbers. */
  add?: Item
  /** Removes from a set of numbers. */
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

/**
 * The few table operations that the ledger is built on: every write touches one
 * item, and its condition decides.
 */
export type Store = {
  /** Without Region and account, as recorded in the ledger's head. */
  readonly tableName: string
  /** Host of the endpoint, for messages. */
  readonly host: string
  get(key: Key, settings?: Deadline): Promise<Item | undefined>
  /**
   * In any order; missing items are left out.
   *
   * @param settings.attributes - The only attributes to read.
   */
  getMany(
    keys: readonly Key[],
    settings?: Deadline & { attributes?: readonly string[] },
  ): Promise<Item[]>
  /** Whether the item was created; false if it exists. */
  create(item: Item, settings?: Deadline): Promise<boolean>
  /**
   * The whole item after the change; undefined if the condition failed.
   *
   * @param settings.once - Not retried if it may have succeeded.
   */
  update(
    key: Key,
    change: Change,
    settings?: Deadline & { once?: boolean },
  ): Promise<Item | undefined>
  /** One page of a partition, in the order of the sort key. */
  query(
    query: Query,
    settings?: Deadline,
  ): Promise<{ items: Item[]; after: unknown }>
  /** Whether the table exists in the required form. @throws LedgerTableError */
  check(settings?: Deadline): Promise<void>
}
