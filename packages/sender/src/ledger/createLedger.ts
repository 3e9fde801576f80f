import type { Runtime } from '@keyward/core/rpc'
import { adoptedTable } from './adoptedTable.js'
import { headTable } from './headTable.js'
import type { Ledger } from './Ledger.js'
import { leaseTable } from './leaseTable.js'
import { nonceTable } from './nonceTable.js'
import type { Store } from './Store.js'
import { transactionTable } from './transactionTable.js'

/**
 * A ledger on a store. The store's conditional writes decide; see
 * docs/ledger.md.
 */
export function createLedger(store: Store, runtime: Runtime): Ledger {
  return {
    tableName: store.tableName,
    host: store.host,
    ...transactionTable(store, runtime),
    ...nonceTable(store, runtime),
    ...headTable(store, runtime),
    ...leaseTable(store, runtime),
    ...adoptedTable(store, runtime),
    check: (deadline) => store.check(deadline),
  }
}
