import type { Principal } from '@keyward/iam/policy'
import {
  optionalText,
  type QueryInput,
  requiredText,
} from '../protocol/awsQuery.js'
import type { StackState } from '../template/StackState.js'
import type { ChangeSet } from './ChangeSet.js'
import type { CloudFormationContext } from './CloudFormationContext.js'
import { changeSetNotFound, noStack, validation } from './errors.js'
import { authorizeStack, lookUpStack } from './findStack.js'

/**
 * Finds a change set by its ARN, or by its name and its stack.
 *
 * @throws AwsError AccessDenied, ValidationError, ChangeSetNotFound
 */
export function findChangeSet(
  context: CloudFormationContext,
  principal: Principal,
  action: string,
  input: QueryInput,
): { changeSet: ChangeSet; state: StackState } {
  const name = requiredText(input, 'ChangeSetName')
  const given = optionalText(input, 'StackName')
  const isArn = name.startsWith('arn:')
  if (!isArn && given === undefined)
    throw validation(
      'StackName must be specified if ChangeSetName is not specified as an ARN.',
    )
  const byArn = isArn ? context.changeSets.byId(name) : undefined
  const stackName = byArn?.stackId ?? given
  authorizeStack(context, principal, action, stackName, {
    'cloudformation:ChangeSetName': byArn?.name ?? name,
  })
  const state =
    stackName === undefined ? undefined : lookUpStack(context, stackName)
  if (!state && !isArn) throw noStack(String(given))
  const changeSet =
    byArn ??
    context.changeSets
      .list(state?.id ?? '')
      .find((each) => !isArn && each.name === name)
  if (!changeSet || !state) throw changeSetNotFound(name)
  return { changeSet, state }
}
