import type { AwsClientOptions } from '@keyward/core/aws'
import { type Runtime, systemRuntime } from '@keyward/core/rpc'
import { createLedger as onStore } from '../createLedger.js'
import type { Ledger } from '../Ledger.js'
import { createStore } from './createStore.js'

export type LedgerOptions = AwsClientOptions & {
  /** Name or ARN of the table. */
  tableName: string
  /** @default this process's clock and timers */
  runtime?: Runtime | undefined
}

/**
 * The ledger on one DynamoDB table; docs/ledger.md describes its items.
 * Permissions on the table and its indexes: GetItem, BatchGetItem, PutItem,
 * UpdateItem, Query; DescribeTable for `check`.
 *
 * @throws LedgerConfigurationError; the calls throw LedgerTableError for a
 * missing table, LedgerItemError and LedgerVersionError for items that are not
 * this ledger's, and the errors of DynamoDB's client
 * @example
 * const ledger = createLedger({ tableName: 'keyward-dev-ledger' })
 */
export function createLedger(options: LedgerOptions): Ledger {
  const { tableName, runtime = systemRuntime, ...client } = options
  return onStore(createStore(tableName, { ...client, runtime }), runtime)
}
