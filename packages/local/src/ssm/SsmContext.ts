import type { Principal } from '@keyward/iam/policy'
import type { Authorize } from '../iam/Authorize.js'
import type { ParameterStore } from './createParameterStore.js'

/** The context of the operations. */
export type SsmContext = {
  accountId: string
  region: string
  authorize: Authorize
  parameters: ParameterStore
  /** Milliseconds since 1970. */
  now: () => number
}

export type SsmOperation = (
  context: SsmContext,
  input: Record<string, unknown>,
  principal: Principal,
) => object
