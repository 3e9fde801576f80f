import type { Condition } from './Condition.js'
import type { Item } from './Item.js'

type Deadline = { deadline?: number | undefined }

export type Key = { pk: string; sk: string }

/** What an update changes, and what must hold for it to be done. */
export type Change = {
  set?: Item
  /** Values that are set only where there is none yet. */
  setIfNone?: Item
  /** Adds to a number or a set of numbers. */
  add?: Item
  /** Takes out of a set of numbers. */
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
 * The few operations of a table that the ledger is built on: every write
 * touches one item, and its condition decides.
 */
export type Store = {
  /** As the ledger's head names it: without Region and account. */
  readonly tableName: string
  /** Of the endpoint, for messages. */
  readonly host: string
  get(key: Key, settings?: Deadline): Promise<Item | undefined>
  /**
   * In no order; those that don't exist are left out.
   *
   * @param settings.attributes - Only these are read.
   */
  getMany(
    keys: readonly Key[],
    settings?: Deadline & { attributes?: readonly string[] },
  ): Promise<Item[]>
  /** Whether the item was created; false when there is one already. */
  create(item: Item, settings?: Deadline): Promise<boolean>
  /**
   * The whole item after the change; undefined when the condition failed.
   *
   * @param settings.once - Not repeated when it may have been done.
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
  /** Whether the table is there and shaped as needed. @throws LedgerTableError */
  check(settings?: Deadline): Promise<void>
}
