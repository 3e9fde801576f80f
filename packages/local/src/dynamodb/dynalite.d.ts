// The parts of dynalite that the local DynamoDB is made of. Its own server
// would check no signature, and end the process where it meets a fault.

declare module 'dynalite/db/index.js' {
  type Callback<value> = (error: unknown, value: value) => void

  export type Store = {
    db: { open(): Promise<void> }
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
    checkTypes(data: object, types: object): object
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
  const validation: { types: object; custom?: unknown }
  export default validation
}
