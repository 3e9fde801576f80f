import { deleteStack } from './deleteStack.js'
import { deployStack } from './deployStack.js'
import type { Json } from './Json.js'
import type { StackHome } from './ResourceType.js'
import type { Assembly } from './readAssembly.js'
import { removeLeftovers } from './removeResources.js'
import { finishRollback, rollBackCreation, rollBackUpdate } from './rollBack.js'
import { createStackRun } from './StackRun.js'
import type { StackSource, StackState, StackStore } from './StackState.js'
import { isInProgress } from './StackStatus.js'

/**
 * Continues operations that a kill interrupted. When this returns, each stack
 * is in the intended state. Operations that can't be continued are rolled back
 * and reported.
 *
 * @param parameters.except - A stack to skip because it will be deployed
 * anyway.
 */
export async function resumeStacks(parameters: {
  store: StackStore
  homeOf: (source: StackSource) => StackHome
  assetOf: (source: StackSource) => Assembly['asset']
  onEvent: (event: string) => void
  except: string | undefined
}): Promise<void> {
  const { store, except, onEvent } = parameters
  for (const state of store.list()) {
    const { name, status, source } = state
    if (!isInProgress(status) || !source) continue
    const isDeploying =
      status === 'CREATE_IN_PROGRESS' || status === 'UPDATE_IN_PROGRESS'
    if (name === except && isDeploying) continue
    onEvent(`${name}: continuing the interrupted operation (${status})`)
    await resume(state, source, parameters).catch((error: unknown) =>
      onEvent(`${name}: ${error instanceof Error ? error.message : error}`),
    )
  }
}

async function resume(
  state: StackState,
  source: StackSource,
  parameters: Parameters<typeof resumeStacks>[0],
): Promise<void> {
  const { store, onEvent } = parameters
  const stackName = state.name
  const home = parameters.homeOf(source)
  const run = createStackRun({ store, home, state, onEvent })
  switch (state.status) {
    case 'CREATE_IN_PROGRESS':
    case 'UPDATE_IN_PROGRESS': {
      const isCreation = state.status === 'CREATE_IN_PROGRESS'
      try {
        await deployStack({
          store,
          home,
          assembly: {
            stackName,
            template: JSON.parse(source.templateText) as Json,
            executionRoleArn: source.roleArn,
            asset: parameters.assetOf(source),
          },
          parameters: source.parameters,
          source,
          onEvent,
          onFailure: source.disableRollback ? 'keep' : 'roll back',
        })
      } catch (error) {
        // The operation was refused before anything was done, so the stack is
        // still as the kill left it.
        const reason = error instanceof Error ? error.message : String(error)
        if (store.get(stackName)?.status !== state.status) throw error
        await (isCreation
          ? rollBackCreation(run, { reason })
          : rollBackUpdate(run, { reason }))
      }
      return
    }
    case 'ROLLBACK_IN_PROGRESS':
      await rollBackCreation(run)
      return
    case 'UPDATE_ROLLBACK_IN_PROGRESS':
      await rollBackUpdate(run)
      return
    case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
      await finishRollback(run)
      return
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
      await removeLeftovers(run)
      run.forgetBefore()
      run.enter('UPDATE_COMPLETE')
      return
    default:
      await deleteStack({ stackName, store, home, onEvent })
  }
}
