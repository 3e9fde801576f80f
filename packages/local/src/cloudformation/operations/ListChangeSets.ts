import { requiredText } from '../../protocol/awsQuery.js'
import type { Operation } from '../CloudFormationContext.js'
import { noStack } from '../errors.js'
import { findStack } from '../findStack.js'
import { paginate } from '../paginate.js'

export const ListChangeSets: Operation = (context, input, { principal }) => {
  const name = requiredText(input, 'StackName')
  const state = findStack(context, principal, 'ListChangeSets', name, noStack)
  const all = context.changeSets.list(state.id)
  const { page, NextToken } = paginate(input, all)
  return {
    Summaries: page.map((each) => ({
      StackId: state.id,
      StackName: state.name,
      ChangeSetId: each.id,
      ChangeSetName: each.name,
      ExecutionStatus: each.executionStatus,
      Status: each.status,
      StatusReason: each.statusReason,
      CreationTime: new Date(each.createdAt),
      Description: each.description,
      IncludeNestedStacks: false,
    })),
    NextToken,
  }
}
