import type { Authorize } from '../iam/Authorize.js'
import type { Principal } from '../iam/Principal.js'

/** What the operations work on. */
export type SsmContext = {
  accountId: string
  region: string
  authorize: Authorize
  parameters: ReadonlyMap<string, string>
}

export type SsmOperation = (
  context: SsmContext,
  input: Record<string, unknown>,
  principal: Principal,
) => object
