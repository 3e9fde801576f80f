import { optionalText, requiredText } from '../../protocol/awsQuery.js'
import type { Operation } from '../CloudFormationContext.js'
import { findChangeSet } from '../findChangeSet.js'
import { findStack } from '../findStack.js'

/**
 * Returns an empty template for a stack under review and for the bootstrap
 * stack.
 */
export const GetTemplate: Operation = (context, input, { principal }) => {
  if (optionalText(input, 'ChangeSetName') !== undefined) {
    const { changeSet } = findChangeSet(
      context,
      principal,
      'GetTemplate',
      input,
    )
    return answer(changeSet.source.templateText)
  }
  const name = requiredText(input, 'StackName')
  const state = findStack(context, principal, 'GetTemplate', name)
  return answer(state.source?.templateText ?? '')
}

function answer(TemplateBody: string) {
  return { TemplateBody, StagesAvailable: ['Original', 'Processed'] }
}
