import type { StackHome } from './ResourceType.js'
import { removeLeftovers, removeResources } from './removeResources.js'
import { failedTo } from './rollBack.js'
import { quote, StackError } from './StackError.js'
import { createStackRun } from './StackRun.js'
import type { StackStore } from './StackState.js'

/**
 * Removes a stack, treating each resource according to its DeletionPolicy.
 * Retained resources live on without the stack. An interrupted removal is
 * continued.
 *
 * @param parameters.retained - Logical ids of further resources to retain.
 * @throws {StackError} stack-failed if a service refuses. Resources that were
 *   not removed stay in the stack.
 */
export async function deleteStack(parameters: {
  stackName: string
  store: StackStore
  home: StackHome
  retained?: readonly string[]
  /**
   * Whether to retain resources that can't be removed, and remove the stack
   * anyway.
   */
  isForced?: boolean
  requestToken?: string | undefined
  onEvent?: ((event: string) => void) | undefined
}): Promise<void> {
  const { stackName, store, home, retained = [], isForced = false } = parameters
  const state = store.get(stackName)
  if (!state) return
  const { requestToken, onEvent } = parameters
  const run = createStackRun({ store, home, state, requestToken, onEvent })
  run.enter('DELETE_IN_PROGRESS', 'User Initiated')
  const failures = await removeResources(run, {
    isRetained: (logicalId, { deletionPolicy }) =>
      deletionPolicy === 'Retain' || retained.includes(logicalId),
  })
  await removeLeftovers(run)
  if (failures.size > 0 && !isForced) {
    run.enter('DELETE_FAILED', failedTo('delete', failures.keys()))
    throw new StackError('stack-failed', [
      `The stack ${quote(stackName)} was not deleted completely: ${[...failures.values()].join('; ')}`,
    ])
  }
  run.save({ deletedAt: Date.now(), outputs: {}, resources: {} })
  run.enter('DELETE_COMPLETE')
  store.bury(run.state())
}
