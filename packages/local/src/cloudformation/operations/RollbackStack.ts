import { optionalText, requiredText } from '../../protocol/awsQuery.js'
import { rollBackCreation, rollBackUpdate } from '../../template/rollBack.js'
import { createStackRun } from '../../template/StackRun.js'
import type { Operation } from '../CloudFormationContext.js'
import { noStack, validation } from '../errors.js'
import { findStack } from '../findStack.js'
import { readDeployer } from '../readSource.js'

/** Takes back what was left as it failed. */
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
  const roleArn = optionalText(input, 'RoleARN')
  const { deployer } = readDeployer(context, principal, roleArn, state.source)
  const run = createStackRun({
    store: context.store,
    home: context.homeOf(deployer),
    state,
    onEvent: context.onEvent,
    requestToken: optionalText(input, 'ClientRequestToken'),
  })
  const rollBack =
    status === 'CREATE_FAILED' ? rollBackCreation : rollBackUpdate
  await context.runInBackground(
    rollBack(run, { reason: 'User Initiated' }).finally(() =>
      context.onChanged(),
    ),
  )
  return { StackId: state.id }
}
