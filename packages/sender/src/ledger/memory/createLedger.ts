import { type Runtime, systemRuntime } from '@keyward/core/rpc'
import { createLedger } from '../createLedger.js'
import type { Ledger } from '../Ledger.js'
import { createStore } from './createStore.js'

/**
 * A ledger that lasts only as long as this process, for tests and for trials on
 * temporary chains. If two processes send with one key, they need a table.
 */
export function createMemoryLedger(
  options: { tableName?: string; runtime?: Runtime } = {},
): Ledger {
  const { tableName = 'memory', runtime = systemRuntime } = options
  return createLedger(createStore(tableName), runtime)
}
