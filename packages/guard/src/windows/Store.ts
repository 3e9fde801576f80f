/** An attribute's value: a string, an integer, or a map of these by name. */
export type Value = string | bigint | Values
export type Values = { [name: string]: Value }

export type Key = { readonly pk: string; readonly sk: string }

/** A path of names, from the item's attribute inwards. */
export type Path = readonly string[]

export type Condition =
  | { is: 'absent'; path: Path }
  | { is: 'equal'; path: Path; value: string | bigint }
  | { is: 'at most'; path: Path; value: bigint }

/** An update and its condition: all of `when` must hold. */
export type Change = {
  set?: readonly (readonly [Path, Value])[]
  /** Adds to an existing number; may be negative. */
  add?: readonly (readonly [Path, bigint])[]
  remove?: readonly Path[]
  when: readonly Condition[]
}

export type Settings = {
  /**
   * When the caller stops waiting, in ms since 1970 on this process's clock.
   */
  deadline?: number | undefined
}

/** At most this many items, from the sort key `to` back to `from`. */
export type Range = {
  readonly from: string
  readonly to: string
  readonly newest: number
}

/** Each answer contains the table's time, in ms since 1970. */
export type Answer<value> = { value: value; at: number }

/**
 * The few table operations that reserving and committing are built on: every
 * write touches one item, and its condition decides.
 */
export type SigningStore = {
  readonly host: string
  /** The table's name; undefined if the data exists only in this process. */
  readonly table?: string | undefined
  get(key: Key, settings?: Settings): Promise<Answer<Values | undefined>>
  /** Whether the item was created; false if it already exists. */
  create(key: Key, item: Values, settings?: Settings): Promise<Answer<boolean>>
  /** Whether the item was changed; never true for a missing item. */
  update(
    key: Key,
    change: Change,
    settings?: Settings,
  ): Promise<Answer<boolean>>
}

/**
 * Adds the operations that maintaining the windows needs. Bundles of functions
 * that only sign are smaller without them.
 */
export type Store = SigningStore & {
  /**
   * All items of a partition with their keys, as of `at` or later. Unreadable
   * items are empty.
   *
   * @param range - Only the newest, by sort key.
   */
  list(
    pk: string,
    settings?: Settings,
    range?: Range,
  ): Promise<Answer<{ key: Key; item: Values }[]>>
  /**
   * Replaces an item, including everything that others wrote there, so that it
   * always fits. False if there is no item, or if not all of `when` holds.
   */
  replace(
    key: Key,
    item: Values,
    when: readonly Condition[],
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
