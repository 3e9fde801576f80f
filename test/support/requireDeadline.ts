import type { Rpc } from '../../packages/core/src/rpc/createRpc.js'
import type { Store } from '../../packages/sender/src/ledger/Store.js'

// A call without a deadline may wait for as long as the other side likes. These
// refuse it, so that no caller can forget to hand its own on.

type Options = { deadline?: number | undefined } | undefined

function assertDeadline(call: string, options: Options): void {
  if (options?.deadline === undefined)
    throw new Error(`${call} was called without a deadline.`)
}

/** For `createTestTable(...).newLedger(name, boundStore)`. */
export function boundStore(store: Store): Partial<Store> {
  return {
    async get(key, options) {
      assertDeadline('get', options)
      return store.get(key, options)
    },
    async getMany(keys, options) {
      assertDeadline('getMany', options)
      return store.getMany(keys, options)
    },
    async create(item, options) {
      assertDeadline('create', options)
      return store.create(item, options)
    },
    async update(key, change, options) {
      assertDeadline('update', options)
      return store.update(key, change, options)
    },
    async query(query, options) {
      assertDeadline('query', options)
      return store.query(query, options)
    },
  }
}

/** For what a chain is made of. */
export function boundRpc(rpc: Rpc): Rpc {
  return {
    ...rpc,
    async request(method, params, options) {
      assertDeadline(method, options)
      return rpc.request(method, params, options)
    },
    async check(options) {
      assertDeadline('check', options)
      return rpc.check(options)
    },
  }
}
