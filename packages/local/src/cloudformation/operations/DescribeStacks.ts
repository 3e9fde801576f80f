import { optionalText } from '../../protocol/awsQuery.js'
import { bootstrapStack } from '../bootstrapStack.js'
import type { Operation } from '../CloudFormationContext.js'
import { authorizeStack, findStack } from '../findStack.js'
import { paginate } from '../paginate.js'
import { toStack } from '../toWire.js'

export const DescribeStacks: Operation = (context, input, { principal }) => {
  const name = optionalText(input, 'StackName')
  if (name !== undefined) {
    const state = findStack(context, principal, 'DescribeStacks', name)
    return { Stacks: [toStack(context, state)] }
  }
  authorizeStack(context, principal, 'DescribeStacks', undefined)
  const all = [...context.store.list(), bootstrapStack(context)]
  const { page, NextToken } = paginate(input, all)
  return { Stacks: page.map((each) => toStack(context, each)), NextToken }
}
