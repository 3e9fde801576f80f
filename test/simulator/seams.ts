export type { Runtime } from '../../packages/core/src/rpc/Runtime.js'
export type { Item } from '../../packages/sender/src/ledger/Item.js'
export type { Key, Store } from '../../packages/sender/src/ledger/Store.js'
export type Settings = { deadline?: number | undefined; once?: boolean }
