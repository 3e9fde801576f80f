import { requiredText } from '../../protocol/awsQuery.js'
import type { Operation } from '../CloudFormationContext.js'
import { noStack } from '../errors.js'
import { findStack } from '../findStack.js'
import { paginate } from '../paginate.js'
import { toEvent } from '../toWire.js'

/** Returns the newest events first. */
export const DescribeStackEvents: Operation = (
  context,
  input,
  { principal },
) => {
  const state = findStack(
    context,
    principal,
    'DescribeStackEvents',
    requiredText(input, 'StackName'),
    noStack,
  )
  const all = [...context.store.events.list(state.id)].reverse()
  const { page, NextToken } = paginate(input, all)
  return { StackEvents: page.map((each) => toEvent(state, each)), NextToken }
}
