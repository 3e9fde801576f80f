import { type Runtime, systemRuntime } from '@keyward/core/rpc'
import { createWindows as onStore } from '../createWindows.js'
import type { Windows } from '../Windows.js'
import { createStore } from './createStore.js'

/**
 * Spending windows in this process's memory, for a single process: when it
 * ends, the spent amounts are forgotten.
 *
 * @example
 * const windows = createWindows()
 */
export function createWindows(runtime: Runtime = systemRuntime): Windows {
  return onStore(
    createStore(() => runtime.now()),
    runtime,
  )
}
