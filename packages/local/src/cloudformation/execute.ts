import { deployStack } from '../template/deployStack.js'
import { describeError } from '../template/describeError.js'
import type { Json } from '../template/Json.js'
import { createStackRun } from '../template/StackRun.js'
import type { StackSource, StackState } from '../template/StackState.js'
import type { CloudFormationContext } from './CloudFormationContext.js'

/**
 * Deploys a stack in the background, after the request has been answered. The
 * stack shows the progress, and already has its new status when this returns
 * its promise.
 */
export async function execute(
  context: CloudFormationContext,
  stack: StackState,
  source: StackSource,
  options: {
    requestToken?: string | undefined
    onFailure: 'roll back' | 'keep'
  },
): Promise<boolean> {
  const { store, onEvent } = context
  const stackName = stack.name
  try {
    await deployStack({
      store,
      home: context.homeOf(source.deployer),
      assembly: {
        stackName,
        template: JSON.parse(source.templateText) as Json,
        executionRoleArn: source.roleArn,
        asset: context.asset,
      },
      parameters: source.parameters,
      source,
      onEvent,
      ...options,
    })
    return true
  } catch (error) {
    const now = store.get(stackName)
    // The operation was refused before anything was done, but the stack must
    // still show the refusal.
    if (now?.status === stack.status) tellRefusal(context, now, error)
    onEvent(`${stackName}: ${describeError(error)}`)
    return false
  } finally {
    context.onChanged()
  }
}

function tellRefusal(
  { store, homeOf }: CloudFormationContext,
  state: StackState,
  error: unknown,
): void {
  const deployer = state.source?.deployer ?? { arn: '', account: '' }
  const run = createStackRun({ store, home: homeOf(deployer), state })
  const reason = describeError(error)
  if (state.status === 'REVIEW_IN_PROGRESS') {
    run.enter('CREATE_IN_PROGRESS', 'User Initiated')
    run.enter('ROLLBACK_IN_PROGRESS', reason)
    run.enter('ROLLBACK_COMPLETE')
  } else {
    run.enter('UPDATE_IN_PROGRESS', 'User Initiated')
    run.enter('UPDATE_ROLLBACK_IN_PROGRESS', reason)
    run.enter('UPDATE_ROLLBACK_COMPLETE')
  }
}
