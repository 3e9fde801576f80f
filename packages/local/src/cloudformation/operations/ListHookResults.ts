import type { Operation } from '../CloudFormationContext.js'
import { authorizeStack } from '../findStack.js'

/** A local home has no hooks, so there are no results. */
export const ListHookResults: Operation = (context, _input, { principal }) => {
  authorizeStack(context, principal, 'ListHookResults', undefined)
  return { HookResults: [] }
}
