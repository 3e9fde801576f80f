import type { AdoptedRows } from './AdoptedRows.js'
import type { HeadRows, LeaseRows } from './HeadRows.js'
import type { NonceRows } from './NonceRows.js'
import type { TransactionRows } from './TransactionRows.js'

/**
 * Everything the sender remembers, and everything that must not happen twice.
 * Every write is conditional and touches one item, so any number of processes
 * may use the ledger at once, and may die at any point.
 */
export type Ledger = TransactionRows &
  NonceRows &
  HeadRows &
  LeaseRows &
  AdoptedRows & {
    /** Without Region and account, as recorded in the head. */
    readonly tableName: string
    /** Host of the endpoint, for messages. */
    readonly host: string
    /**
     * Whether the table exists in the required form. @throws LedgerTableError
     */
    check(options?: { deadline?: number | undefined }): Promise<void>
  }
