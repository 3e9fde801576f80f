import {
  optionalText,
  optionalTexts,
  requiredText,
} from '../../protocol/awsQuery.js'
import { rollBackUpdate } from '../../template/rollBack.js'
import { createStackRun } from '../../template/StackRun.js'
import type { Operation } from '../CloudFormationContext.js'
import { noStack, validation } from '../errors.js'
import { findStack } from '../findStack.js'
import { readDeployer } from '../readSource.js'

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
  const roleArn = optionalText(input, 'RoleARN')
  const { deployer } = readDeployer(context, principal, roleArn, state.source)
  const run = createStackRun({
    store: context.store,
    home: context.homeOf(deployer),
    state,
    onEvent: context.onEvent,
    requestToken: optionalText(input, 'ClientRequestToken'),
  })
  const skipped = optionalTexts(input, 'ResourcesToSkip')
  await context.runInBackground(
    rollBackUpdate(run, { reason: 'User Initiated', skipped }).finally(() =>
      context.onChanged(),
    ),
  )
  return {}
}
