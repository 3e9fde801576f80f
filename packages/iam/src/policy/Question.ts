import type { Principal } from './Principal.js'
import type { RequestContext } from './RequestContext.js'

/** What the policies are asked: may this principal do this, knowing that? */
export type Question = {
  principal: Principal
  /** For example `kms:Sign`. */
  action: string
  /** ARN of what is acted on, or `*` where the action has no resource. */
  resource: string
  context: RequestContext
}
