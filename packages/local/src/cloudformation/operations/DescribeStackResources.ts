import { optionalText } from '../../protocol/awsQuery.js'
import type { Operation } from '../CloudFormationContext.js'
import { noStackWithId, validation } from '../errors.js'
import { findStack } from '../findStack.js'
import { toResources } from '../toWire.js'

export const DescribeStackResources: Operation = (
  context,
  input,
  { principal },
) => {
  const physicalId = optionalText(input, 'PhysicalResourceId')
  const logicalId = optionalText(input, 'LogicalResourceId')
  const name =
    optionalText(input, 'StackName') ??
    context.store
      .list()
      .find(({ resources }) =>
        Object.values(resources).some((each) => each.physicalId === physicalId),
      )?.name
  if (name === undefined)
    throw physicalId === undefined
      ? validation(
          'Stack or physical resource id must be specified, but not both.',
        )
      : validation(`Stack for ${physicalId.slice(0, 200)} does not exist`)
  const state = findStack(
    context,
    principal,
    'DescribeStackResources',
    name,
    noStackWithId,
  )
  const resources = toResources(context, state).filter(
    (each) => logicalId === undefined || each.LogicalResourceId === logicalId,
  )
  return {
    StackResources: resources.map(({ LastUpdatedTimestamp, ...each }) => ({
      StackName: state.name,
      StackId: state.id,
      ...each,
      Timestamp: LastUpdatedTimestamp,
    })),
  }
}
