// The parts of dynalite that the local DynamoDB uses. dynalite's own server
// would not check signatures, and would end the process on an error.

declare module 'dynalite/db/index.js' {
  type Callback<value> = (error: unknown, value: value) => void

  export type Item = Record<string, unknown>
  type Range = { gte: string; lt: string; reverse?: true; limit?: number }

  /** All stored data. Keys begin with the name of their part. */
  type Level = {
    open(): Promise<void>
    get(key: string): Promise<unknown>
    put(key: string, value: unknown): Promise<void>
    del(key: string): Promise<void>
    batch(
      operations: readonly (
        | { type: 'put'; key: string; value: unknown }
        | { type: 'del'; key: string }
      )[],
    ): Promise<void>
    clear(range: Range): Promise<void>
    /** Both see the data at the time of the call. */
    iterator(range: Range): AsyncIterable<[string, unknown]>
    values(range: Range): AsyncIterable<unknown>
  }

  /** The items of one table. */
  export type ItemDb = {
    get(
      key: string,
      callback: (error: unknown, item: Item | undefined) => void,
    ): void
    put(key: string, value: Item, callback: (error: unknown) => void): void
    del(key: string, callback: (error: unknown) => void): void
  }

  /** One index of one table; its keys sort like the index. */
  export type IndexDb = Pick<ItemDb, 'put' | 'del'> & {
    createValueStream(range: {
      gt?: string
      gte?: string
      lt?: string
      lte?: string
      reverse?: boolean
      limit?: number
    }): NodeJS.ReadableStream
  }

  export type Store = {
    db: Level
    options: { maxItemSize: number }
    getItemDb: (tableName: string) => ItemDb
    getIndexDb: (type: string, tableName: string, name: string) => IndexDb
    deleteIndexDb: (
      type: string,
      tableName: string,
      name: string,
      callback: (error: unknown) => void,
    ) => void
    tableDb: {
      awsAccountId: string
      awsRegion: string
      put(name: string, table: object, callback: Callback<void>): void
    }
    lifecycleManager: { gracefulClose(): Promise<void> }
  }

  const database: {
    create(options: {
      path: string
      createTableMs: number
      updateTableMs: number
      deleteTableMs: number
    }): Store
  }
  export default database
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js'

  const validations: {
    checkTypes(data: object, types: object): Record<string, unknown>
    checkValidations(
      data: object,
      types: object,
      custom: unknown,
      store: Store,
    ): void
  }
  export default validations
}

declare module 'dynalite/actions/*.js' {
  import type { Store } from 'dynalite/db/index.js'

  const action: (
    store: Store,
    input: object,
    callback: (error: unknown, output: Record<string, unknown>) => void,
  ) => void
  export default action
}

declare module 'dynalite/validations/*.js' {
  const validation: { types: Readonly<Record<string, never>>; custom?: unknown }
  export default validation
}
