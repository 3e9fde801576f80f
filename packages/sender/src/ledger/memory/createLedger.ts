import { type Runtime, systemRuntime } from '@keyward/core/rpc'
import { createLedger } from '../createLedger.js'
import type { Ledger } from '../Ledger.js'
import { createStore } from './createStore.js'

/**
 * A ledger that ends with this process, for tests and for trials on temporary
 * chains. Two processes that send from one key need a table.
 */
export function createMemoryLedger(
  options: { tableName?: string; runtime?: Runtime } = {},
): Ledger {
  const { tableName = 'memory', runtime = systemRuntime } = options
  return createLedger(createStore(tableName), runtime)
}
