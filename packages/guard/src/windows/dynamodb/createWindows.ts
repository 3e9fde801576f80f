import type { AwsClientOptions } from '@keyward/core/aws'
import { type Runtime, systemRuntime } from '@keyward/core/rpc'
import {
  createSendingWindows as forSendingOnStore,
  createSigningWindows as forSigningOnStore,
  createWindows as onStore,
} from '../createWindows.js'
import type { SendingWindows, SigningWindows, Windows } from '../Windows.js'
import { createSigningStore, createStore } from './createStore.js'

export type WindowsOptions = AwsClientOptions & {
  /** Name or ARN of the guard's table. */
  tableName: string
  /** @default this process's clock and timers */
  runtime?: Runtime | undefined
}

/**
 * Spending windows on the guard's table, which all processes that sign with the
 * key share. Permissions on the table: GetItem, PutItem, UpdateItem; Query for
 * `recover`, `compare`, `halt` and `unhalt`.
 *
 * @throws GuardConfigurationError
 * @example
 * const windows = createWindows({ tableName: 'keyward-dev-guard' })
 */
export function createWindows(options: WindowsOptions): Windows {
  const { tableName, runtime = systemRuntime, ...client } = options
  return onStore(createStore(tableName, client), runtime)
}

/**
 * Like {@link createWindows}, for functions that also send. Permissions on the
 * table: GetItem, PutItem and UpdateItem. Another process must tidy up
 * (`recover`).
 *
 * @throws GuardConfigurationError
 */
export function createSendingWindows(options: WindowsOptions): SendingWindows {
  const { tableName, runtime = systemRuntime, ...client } = options
  return forSendingOnStore(createSigningStore(tableName, client), runtime)
}

/**
 * Like {@link createWindows}, for functions that only sign. Permissions on the
 * table: GetItem, PutItem and UpdateItem. Another process must tidy up
 * (`recover`).
 *
 * @throws GuardConfigurationError
 */
export function createSigningWindows(options: WindowsOptions): SigningWindows {
  const { tableName, runtime = systemRuntime, ...client } = options
  return forSigningOnStore(createSigningStore(tableName, client), runtime)
}
