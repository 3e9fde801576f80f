import { optionalTexts, requiredText } from '../../protocol/awsQuery.js'
import { rollBackUpdate } from '../../template/rollBack.js'
import type { Operation } from '../CloudFormationContext.js'
import { noStack, validation } from '../errors.js'
import { findStack } from '../findStack.js'
import { runRollback } from '../runRollback.js'

export const ContinueUpdateRollback: Operation = async (
  context,
  input,
  { principal },
) => {
  const state = findStack(
    context,
    principal,
    'ContinueUpdateRollback',
    requiredText(input, 'StackName'),
    noStack,
  )
  if (state.status !== 'UPDATE_ROLLBACK_FAILED')
    throw validation(
      `Stack:${state.id} is in ${state.status} state and can not continue rolling back.`,
    )
  const skipped = optionalTexts(input, 'ResourcesToSkip')
  await runRollback(context, input, { principal, state }, (run) =>
    rollBackUpdate(run, { reason: 'User Initiated', skipped }),
  )
  return {}
}
