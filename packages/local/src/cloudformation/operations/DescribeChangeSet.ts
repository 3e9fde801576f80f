import type { Operation } from '../CloudFormationContext.js'
import { findChangeSet } from '../findChangeSet.js'
import { paginate } from '../paginate.js'
import { toChange } from '../toChange.js'
import { toParameters } from '../toWire.js'

export const DescribeChangeSet: Operation = (context, input, { principal }) => {
  const { changeSet, state } = findChangeSet(
    context,
    principal,
    'DescribeChangeSet',
    input,
  )
  const { page, NextToken } = paginate(input, changeSet.changes)
  const { source } = changeSet
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: state.id,
    StackName: state.name,
    Description: changeSet.description,
    Parameters: toParameters(context, source),
    CreationTime: new Date(changeSet.createdAt),
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: source.capabilities,
    Tags: source.tags.map(({ Key, Value }) => ({ Key, Value })),
    Changes: page.map((each) => toChange(changeSet, each)),
    NextToken,
    IncludeNestedStacks: false,
  }
}
