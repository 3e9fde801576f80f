export type { Condition } from '../../packages/sender/src/ledger/Condition.js'
export type { Item, Value } from '../../packages/sender/src/ledger/Item.js'
export type {
  Change,
  Key,
  Query,
  Store,
} from '../../packages/sender/src/ledger/Store.js'
export type { Runtime } from '../../packages/sender/src/Runtime.js'
export type Settings = { deadline?: number | undefined; once?: boolean }
