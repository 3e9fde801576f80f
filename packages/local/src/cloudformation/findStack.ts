import type { Principal } from '@keyward/iam/policy'
import type { StackState } from '../template/StackState.js'
import { bootstrapStack } from './bootstrapStack.js'
import type { CloudFormationContext } from './CloudFormationContext.js'
import { noStackWithId } from './errors.js'

/** Finds a stack by its name, if the stack is not deleted, or by its ARN. */
export function lookUpStack(
  context: CloudFormationContext,
  nameOrId: string,
): StackState | undefined {
  const { store } = context
  const builtIn = bootstrapStack(context)
  if (nameOrId === builtIn.name || nameOrId === builtIn.id) return builtIn
  return nameOrId.startsWith('arn:')
    ? store.byId(nameOrId)
    : store.get(nameOrId)
}

/**
 * Checks whether the caller may do this to a stack, whether or not it exists.
 *
 * @throws AwsError AccessDenied
 */
export function authorizeStack(
  context: CloudFormationContext,
  principal: Principal,
  action: string,
  nameOrId: string | undefined,
  conditions: Readonly<Record<string, string>> = {},
): void {
  const { region, accountId } = context
  const known =
    nameOrId === undefined ? undefined : lookUpStack(context, nameOrId)?.id
  const arn =
    nameOrId === undefined || nameOrId.startsWith('arn:')
      ? nameOrId
      : `arn:aws:cloudformation:${region}:${accountId}:stack/${nameOrId}/*`
  context.authorize({
    principal,
    action: `cloudformation:${action}`,
    resource: known ?? arn ?? '*',
    context: conditions,
  })
}

/**
 * Finds a stack that the caller may see or change.
 *
 * @param missing - The error with which this operation reports that the stack
 * doesn't exist.
 * @throws AwsError AccessDenied, ValidationError
 */
export function findStack(
  context: CloudFormationContext,
  principal: Principal,
  action: string,
  nameOrId: string,
  missing: (name: string) => Error = noStackWithId,
): StackState {
  authorizeStack(context, principal, action, nameOrId)
  const state = lookUpStack(context, nameOrId)
  if (!state) throw missing(nameOrId)
  return state
}
