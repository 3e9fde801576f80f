import { requiredText } from '../../protocol/awsQuery.js'
import type { Operation } from '../CloudFormationContext.js'
import { findStack } from '../findStack.js'
import { paginate } from '../paginate.js'
import { toResources } from '../toWire.js'

export const ListStackResources: Operation = (
  context,
  input,
  { principal },
) => {
  const name = requiredText(input, 'StackName')
  const state = findStack(context, principal, 'ListStackResources', name)
  const { page, NextToken } = paginate(input, toResources(context, state))
  return { StackResourceSummaries: page, NextToken }
}
