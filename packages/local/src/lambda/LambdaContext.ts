import type { Authorize } from '../iam/Authorize.js'
import type { AwsRequest, AwsResponse } from '../protocol/Service.js'
import type { CodeStore } from './CodeStore.js'
import type { EnvironmentPool } from './EnvironmentPool.js'
import type { EventQueue } from './EventQueue.js'
import type { FunctionRegistry } from './FunctionRegistry.js'

/** What the operations work on. */
export type LambdaContext = {
  accountId: string
  region: string
  authorize: Authorize
  registry: FunctionRegistry
  pool: EnvironmentPool
  events: EventQueue
  code: CodeStore
  /** Invocations at once that the account may have. */
  accountLimit: number
  /** Milliseconds since 1970. */
  now: () => number
}

/** One operation of the API; `names` are the parts of the path that vary. */
export type Operation = (
  context: LambdaContext,
  request: AwsRequest,
  names: readonly string[],
) => AwsResponse | Promise<AwsResponse>
