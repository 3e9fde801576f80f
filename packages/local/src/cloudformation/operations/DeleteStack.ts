import {
  optionalText,
  optionalTexts,
  requiredText,
} from '../../protocol/awsQuery.js'
import { deleteStack } from '../../template/deleteStack.js'
import { describeError } from '../../template/describeError.js'
import { isInProgress } from '../../template/StackStatus.js'
import { refuseBootstrapStack } from '../bootstrapStack.js'
import type { Operation } from '../CloudFormationContext.js'
import { validation } from '../errors.js'
import { authorizeStack, lookUpStack } from '../findStack.js'
import { readDeployer } from '../readSource.js'

/** Succeeds even for a missing stack. */
export const DeleteStack: Operation = async (context, input, { principal }) => {
  const given = requiredText(input, 'StackName')
  const roleArn = optionalText(input, 'RoleARN')
  authorizeStack(context, principal, 'DeleteStack', given, {
    ...(roleArn !== undefined && { 'cloudformation:RoleArn': roleArn }),
  })
  refuseBootstrapStack(context, given)
  const state = lookUpStack(context, given)
  if (!state || state.status === 'DELETE_COMPLETE') return undefined
  const { name, id, status } = state
  if (state.terminationProtection === true)
    throw validation(
      `Stack [${name}] cannot be deleted while TerminationProtection is enabled`,
    )
  if (status === 'DELETE_IN_PROGRESS') return undefined
  if (isInProgress(status))
    throw validation(
      `Stack [${id}] cannot be deleted while in status ${status}`,
    )
  const retained = optionalTexts(input, 'RetainResources')
  const isFailed = status === 'DELETE_FAILED'
  const mode = optionalText(input, 'DeletionMode') ?? 'STANDARD'
  if (mode === 'FORCE_DELETE_STACK' && !isFailed)
    throw validation(
      `Invalid operation on stack [${id}]. You can activate DeletionMode FORCE_DELETE_STACK in a delete stack operation only when the stack is in the DELETE_FAILED state.`,
    )
  if (retained.length > 0 && !isFailed)
    throw validation(
      `Invalid operation on stack [${id}]. Resources can be retained only when the stack is in the DELETE_FAILED state.`,
    )
  for (const each of retained)
    if (!Object.hasOwn(state.resources, each))
      throw validation(
        'The specified resources to retain must be in a valid state. Do not specify resources that are in the DELETE_COMPLETE state.',
      )
  const { deployer } = readDeployer(context, principal, roleArn, state.source)
  for (const each of context.changeSets.list(id))
    context.changeSets.remove(each)
  const work = deleteStack({
    stackName: name,
    store: context.store,
    home: context.homeOf(deployer),
    retained,
    isForced: mode === 'FORCE_DELETE_STACK',
    requestToken: optionalText(input, 'ClientRequestToken'),
    onEvent: context.onEvent,
  })
    .catch((error: unknown) => context.onEvent(describeError(error)))
    .finally(() => context.onChanged())
  await context.runInBackground(work)
  return undefined
}
