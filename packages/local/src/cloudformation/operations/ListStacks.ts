import { optionalTexts } from '../../protocol/awsQuery.js'
import { bootstrapStack } from '../bootstrapStack.js'
import type { Operation } from '../CloudFormationContext.js'
import { authorizeStack } from '../findStack.js'
import { paginate } from '../paginate.js'
import { toStack } from '../toWire.js'

const members = [
  'StackId',
  'StackName',
  'CreationTime',
  'LastUpdatedTime',
  'DeletionTime',
  'StackStatus',
  'StackStatusReason',
  'DriftInformation',
]

/** Includes deleted stacks, unless the filter excludes them. */
export const ListStacks: Operation = (context, input, { principal }) => {
  authorizeStack(context, principal, 'ListStacks', undefined)
  const wanted = optionalTexts(input, 'StackStatusFilter')
  const { store } = context
  const all = [...store.list(), bootstrapStack(context), ...store.deleted()]
    .filter(({ status }) => wanted.length === 0 || wanted.includes(status))
    .sort((a, b) => b.createdAt - a.createdAt)
  const { page, NextToken } = paginate(input, all)
  return {
    StackSummaries: page.map((each) => {
      const { source, ...rest } = each
      const stack = toStack(context, rest)
      return Object.fromEntries([
        ...members.map((name) => [name, stack[name]] as const),
        ['TemplateDescription', source?.description],
      ])
    }),
    NextToken,
  }
}
