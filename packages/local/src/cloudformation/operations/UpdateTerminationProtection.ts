import { optionalFlag, requiredText } from '../../protocol/awsQuery.js'
import { createStackRun } from '../../template/StackRun.js'
import { isInProgress } from '../../template/StackStatus.js'
import { refuseBootstrapStack } from '../bootstrapStack.js'
import type { Operation } from '../CloudFormationContext.js'
import { cannotUpdate, noStack, validation } from '../errors.js'
import { findStack } from '../findStack.js'

export const UpdateTerminationProtection: Operation = (
  context,
  input,
  { principal },
) => {
  const name = requiredText(input, 'StackName')
  const isProtected = optionalFlag(input, 'EnableTerminationProtection')
  refuseBootstrapStack(context, name)
  const state = findStack(
    context,
    principal,
    'UpdateTerminationProtection',
    name,
    noStack,
  )
  if (isProtected === undefined)
    throw validation(
      "1 validation error detected: Value null at 'enableTerminationProtection' failed to satisfy constraint: Member must not be null",
    )
  // A running operation would overwrite the change.
  if (isInProgress(state.status) || state.status === 'DELETE_COMPLETE')
    throw cannotUpdate(state.id, state.status)
  createStackRun({
    store: context.store,
    home: context.homeOf(principal),
    state: { ...state, terminationProtection: isProtected },
  }).save({})
  return { StackId: state.id }
}
