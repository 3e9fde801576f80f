import { optionalText, requiredText } from '../../protocol/awsQuery.js'
import { bootstrapStack } from '../bootstrapStack.js'
import type { Operation } from '../CloudFormationContext.js'
import { validation } from '../errors.js'
import { findChangeSet } from '../findChangeSet.js'
import { findStack } from '../findStack.js'

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
  const builtIn = bootstrapStack(context)
  if (name === builtIn.name || name === builtIn.id)
    throw validation(
      'The local home has no template for its bootstrap stack: it was not deployed.',
    )
  const state = findStack(context, principal, 'GetTemplate', name)
  return answer(state.source?.templateText ?? '')
}

function answer(TemplateBody: string) {
  return { TemplateBody, StagesAvailable: ['Original', 'Processed'] }
}
