// The language of policies, for what looks at them without asking a home.
export type { Principal } from '../Principal.js'
export * as Certainty from './Certainty.js'
export * as Condition from './Condition.js'
export * as Policy from './Policy.js'
export * as PrincipalElement from './PrincipalElement.js'
export type { RequestContext } from './RequestContext.js'
export * as Statement from './Statement.js'
