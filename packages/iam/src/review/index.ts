export * as Caller from './Caller.js'
export type { Severity } from './Capability.js'
export { callerOf, toRoleOrUser } from './callerOf.js'
export { checkPolicy, mayChangePolicy, mayDelete } from './checkPolicy.js'
export { collectCallers } from './collectCallers.js'
export { unique } from './compare.js'
export { describeStatement } from './describePolicy.js'
export * as Finding from './Finding.js'
export * as Findings from './Finding.js'
export { type RoleName, roleNames } from './inferRoles.js'
export { judge } from './judge.js'
export * as KeyFacts from './KeyFacts.js'
export * as KeyPolicy from './KeyPolicy.js'
export { label } from './KeyPolicy.js'
export { normal, type PolicyPlan, planPolicy, planText } from './planPolicy.js'
export type { ResourceRequest } from './ResourceRequest.js'
export {
  assertRoles,
  flags,
  type GivenRoles,
  type Resolved,
  resolveRoles,
} from './resolveRoles.js'
export { type WhoCan, whoCan, whoCanText } from './whoCan.js'
