import type { Principal } from '@keyward/iam/policy'
import type { Authorize } from '../iam/Authorize.js'
import type { LogStore } from './createLogStore.js'

/** The context of the operations. */
export type LogsContext = {
  accountId: string
  region: string
  authorize: Authorize
  store: LogStore
  /** Milliseconds since 1970. */
  now: () => number
}

export type LogsInput = Readonly<Record<string, unknown>>

export type LogsOperation = (
  context: LogsContext,
  input: LogsInput,
  principal: Principal,
) => object | undefined
