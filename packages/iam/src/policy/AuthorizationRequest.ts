import type { Principal } from './Principal.js'

/** One request to authorize: may this principal perform this action? */
export type AuthorizationRequest = {
  principal: Principal
  /** For example `kms:Sign`. */
  action: string
  /** ARN of the resource, or `*` if the action has none. */
  resource: string
  /** Policy attached to the resource (a key policy), as JSON text. */
  resourcePolicy?: string | undefined
  /** Condition keys of this request and their values. */
  context?: Readonly<Record<string, string | readonly string[]>>
}
