import type { Principal } from './Principal.js'
import type { RequestContext } from './RequestContext.js'

/**
 * A question to the policies: may this principal perform this action in this
 * context?
 */
export type Question = {
  principal: Principal
  /** For example `kms:Sign`. */
  action: string
  /** ARN of the resource, or `*` if the action has none. */
  resource: string
  context: RequestContext
}
