import type { AdoptedRows } from './AdoptedRows.js'
import type { HeadRows, LeaseRows } from './HeadRows.js'
import type { NonceRows } from './NonceRows.js'
import type { TransactionRows } from './TransactionRows.js'

/**
 * All that is remembered, and all that must not happen twice. Every write is
 * conditional and touches one item, so that any number of processes may use it
 * at once, and die anywhere.
 */
export type Ledger = TransactionRows &
  NonceRows &
  HeadRows &
  LeaseRows &
  AdoptedRows & {
    /** Without Region and account, as the head names it. */
    readonly tableName: string
    /** Of the endpoint, for messages. */
    readonly host: string
    /** Whether the table is there and shaped as needed. @throws LedgerTableError */
    check(options?: { deadline?: number | undefined }): Promise<void>
  }
