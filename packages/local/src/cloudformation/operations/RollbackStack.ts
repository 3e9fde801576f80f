import { requiredText } from '../../protocol/awsQuery.js'
import { rollBackCreation, rollBackUpdate } from '../../template/rollBack.js'
import type { Operation } from '../CloudFormationContext.js'
import { noStack, validation } from '../errors.js'
import { findStack } from '../findStack.js'
import { runRollback } from '../runRollback.js'

/** Rolls back a stack that was left in a failed state. */
export const RollbackStack: Operation = async (
  context,
  input,
  { principal },
) => {
  const state = findStack(
    context,
    principal,
    'RollbackStack',
    requiredText(input, 'StackName'),
    noStack,
  )
  const { status } = state
  if (status !== 'CREATE_FAILED' && status !== 'UPDATE_FAILED')
    throw validation(
      `Stack:${state.id} is in ${status} state and can not be rolled back.`,
    )
  const rollBack =
    status === 'CREATE_FAILED' ? rollBackCreation : rollBackUpdate
  await runRollback(context, input, { principal, state }, (run) =>
    rollBack(run, { reason: 'User Initiated' }),
  )
  return { StackId: state.id }
}
