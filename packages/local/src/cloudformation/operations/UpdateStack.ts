import { optionalText, requiredText } from '../../protocol/awsQuery.js'
import { assertUpdatable } from '../assertStack.js'
import { refuseBootstrapStack } from '../bootstrapStack.js'
import type { Operation } from '../CloudFormationContext.js'
import { noStack, validation } from '../errors.js'
import { execute } from '../execute.js'
import { findStack } from '../findStack.js'
import { planStack } from '../planStack.js'
import { readSource } from '../readSource.js'

export const UpdateStack: Operation = async (context, input, { principal }) => {
  const given = requiredText(input, 'StackName')
  refuseBootstrapStack(context, given)
  const state = findStack(context, principal, 'UpdateStack', given, noStack)
  assertUpdatable(state)
  const { source, template } = readSource(
    context,
    principal,
    input,
    state.source,
  )
  const { name, id } = state
  const { hasChanges } = planStack(context, {
    stack: state,
    name,
    id,
    source,
    template,
  })
  if (!hasChanges) throw validation('No updates are to be performed.')
  await context.runInBackground(
    execute(context, state, source, {
      requestToken: optionalText(input, 'ClientRequestToken'),
      onFailure: source.disableRollback ? 'keep' : 'roll back',
    }),
  )
  return { StackId: id }
}
