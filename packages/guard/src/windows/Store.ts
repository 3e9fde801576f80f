/** What an attribute holds: a text, a whole number, or more of them by name. */
export type Value = string | bigint | Values
export type Values = { [name: string]: Value }

export type Key = { readonly pk: string; readonly sk: string }

/** Names from the item's attribute inwards. */
export type Path = readonly string[]

export type Condition =
  | { is: 'absent'; path: Path }
  | { is: 'equal'; path: Path; value: string | bigint }
  | { is: 'at most'; path: Path; value: bigint }

/** What an update changes, and what must hold for it to be done: all of `when`. */
export type Change = {
  set?: readonly (readonly [Path, Value])[]
  /** To a number that is there; may be negative. */
  add?: readonly (readonly [Path, bigint])[]
  remove?: readonly Path[]
  when: readonly Condition[]
}

export type Settings = {
  /** When the caller stops waiting, in ms since 1970 by this process's clock. */
  deadline?: number | undefined
}

/** So many items at most, from the sort key `to` back to `from`. */
export type Range = {
  readonly from: string
  readonly to: string
  readonly newest: number
}

/** Each answer tells the time, in ms since 1970, by the clock of the table. */
export type Answer<value> = { value: value; at: number }

/**
 * The few operations of a table that the windows are built on: every write
 * touches one item, and its condition decides.
 */
export type Store = {
  readonly host: string
  /** The table's name; undefined where nothing outlives the process. */
  readonly table?: string | undefined
  get(key: Key, settings?: Settings): Promise<Answer<Values | undefined>>
  /**
   * All items of a partition, with their keys, as of `at` or later; what nobody
   * can read is empty.
   *
   * @param range - Only the newest, by their sort keys.
   */
  list(
    pk: string,
    settings?: Settings,
    range?: Range,
  ): Promise<Answer<{ key: Key; item: Values }[]>>
  /** Whether the item was created; false when there is one already. */
  create(key: Key, item: Values, settings?: Settings): Promise<Answer<boolean>>
  /** Whether it was done; never on an item that is not there. */
  update(
    key: Key,
    change: Change,
    settings?: Settings,
  ): Promise<Answer<boolean>>
}

export const absent = (...path: string[]): Condition => ({ is: 'absent', path })

export const equal = (path: Path, value: string | bigint): Condition => ({
  is: 'equal',
  path,
  value,
})

export const atMost = (path: Path, value: bigint): Condition => ({
  is: 'at most',
  path,
  value,
})
