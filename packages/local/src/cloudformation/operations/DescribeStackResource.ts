import { requiredText } from '../../protocol/awsQuery.js'
import type { Operation } from '../CloudFormationContext.js'
import { validation } from '../errors.js'
import { findStack } from '../findStack.js'
import { toResources } from '../toWire.js'

export const DescribeStackResource: Operation = (
  context,
  input,
  { principal },
) => {
  const name = requiredText(input, 'StackName')
  const logicalId = requiredText(input, 'LogicalResourceId')
  const state = findStack(
    context,
    principal,
    'DescribeStackResource',
    name,
    () => validation(`Stack '${name.slice(0, 200)}' does not exist`),
  )
  const found = toResources(context, state).find(
    (each) => each.LogicalResourceId === logicalId,
  )
  if (!found)
    throw validation(
      `Resource ${logicalId.slice(0, 200)} does not exist for stack ${state.name}`,
    )
  return {
    StackResourceDetail: { StackName: state.name, StackId: state.id, ...found },
  }
}
