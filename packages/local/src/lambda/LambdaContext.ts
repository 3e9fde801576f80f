import type { Authorize } from '../iam/Authorize.js'
import type { AwsRequest, AwsResponse } from '../protocol/Service.js'
import type { CodeStore } from './CodeStore.js'
import type { EnvironmentPool } from './EnvironmentPool.js'
import type { EventQueue } from './EventQueue.js'
import type { FunctionRegistry } from './FunctionRegistry.js'

/** The context of the operations. */
export type LambdaContext = {
  accountId: string
  region: string
  authorize: Authorize
  registry: FunctionRegistry
  pool: EnvironmentPool
  events: EventQueue
  code: CodeStore
  /** The account's limit on concurrent invocations. */
  accountLimit: number
  /** Milliseconds since 1970. */
  now: () => number
}

/** An operation of the API. `names` are the variable parts of its path. */
export type Operation = (
  context: LambdaContext,
  request: AwsRequest,
  names: readonly string[],
) => AwsResponse | Promise<AwsResponse>
