import { describeError, toReason } from './describeError.js'
import { canonical } from './Json.js'
import type { Made } from './ResourceType.js'
import {
  isLambda,
  removeLeftovers,
  removeResources,
  sortForRemoval,
} from './removeResources.js'
import { resourceTypes } from './resources/types.js'
import type { StackRun } from './StackRun.js'
import type { Leftover, Snapshot } from './StackState.js'

/**
 * Undoes a creation. Resources with the policy Retain stay, unless the attempt
 * must leave no trace.
 *
 * @returns The steps that couldn't be undone.
 */
export async function rollBackCreation(
  run: StackRun,
  options: { reason?: string; discardsAll?: boolean } = {},
): Promise<string[]> {
  const { reason, discardsAll = false } = options
  if (run.state().status !== 'ROLLBACK_IN_PROGRESS')
    run.enter('ROLLBACK_IN_PROGRESS', reason)
  const failures = await removeResources(run, {
    isRetained: (_, made) => !discardsAll && staysOnRollback(made),
    // Only a discarded deployment leaves no trace. Otherwise, resources are
    // deleted with the stack's role, as in CloudFormation, and a key is then
    // pending deletion.
    how: discardsAll ? 'discard' : 'remove',
  })
  await removeLeftovers(run)
  run.save({ outputs: {} })
  if (failures.size > 0) {
    run.enter('ROLLBACK_FAILED', failedTo('delete', failures.keys()))
    return [...failures.values()]
  }
  run.forgetBefore()
  run.enter('ROLLBACK_COMPLETE')
  return []
}

/**
 * Returns a stack to its state before an update, continuing an earlier attempt.
 *
 * @param options.skipped - Resources to leave unchanged.
 * @returns The steps that couldn't be undone. If there are any, the stack is
 *   UPDATE_ROLLBACK_FAILED.
 */
export async function rollBackUpdate(
  run: StackRun,
  options: { reason?: string; skipped?: readonly string[] } = {},
): Promise<string[]> {
  const { reason, skipped = [] } = options
  const { before, changing, resources } = run.state()
  if (!before) return []
  if (run.state().status !== 'UPDATE_ROLLBACK_IN_PROGRESS')
    run.enter('UPDATE_ROLLBACK_IN_PROGRESS', reason)
  // A failed or killed change may be partly done. Record the change only now,
  // because a continued update must not treat it as done.
  const half = changing && resources[changing.logicalId]
  if (changing && half) {
    const { logicalId, properties } = changing
    run.save({
      resources: { ...resources, [logicalId]: { ...half, properties } },
    })
  }
  const failures = new Map<string, string>()
  const entries = Object.entries(run.state().resources).reverse()
  for (const [logicalId, made] of sortForRemoval(entries)) {
    const was = before.resources[logicalId]
    try {
      if (was?.physicalId === made.physicalId)
        await goBack(run, logicalId, made, was, skipped.includes(logicalId))
      else setAside(run, logicalId, made, was)
    } catch (error) {
      failures.set(
        logicalId,
        `${logicalId} (${made.type}): ${describeError(error)}`,
      )
    }
  }
  if (failures.size > 0) {
    run.enter('UPDATE_ROLLBACK_FAILED', failedTo('update', failures.keys()))
    return [...failures.values()]
  }
  restoreFunctions(run, before)
  const { outputs, source } = before
  run.save({ resources: before.resources, outputs, ...(source && { source }) })
  run.enter('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS')
  await finishRollback(run)
  return []
}

/** Finishes the rollback once everything is restored. */
export async function finishRollback(run: StackRun): Promise<void> {
  await removeLeftovers(run)
  run.forgetBefore()
  run.enter('UPDATE_ROLLBACK_COMPLETE')
}

/** For example `The following resource(s) failed to update: [Key]. ` */
export function failedTo(
  what: 'create' | 'update' | 'delete',
  logicalIds: Iterable<string>,
): string {
  return `The following resource(s) failed to ${what}: [${[...logicalIds].join(', ')}]. `
}

async function goBack(
  run: StackRun,
  logicalId: string,
  made: Made,
  was: Made,
  isSkipped: boolean,
): Promise<void> {
  const { type: typeName, physicalId } = made
  const resource = { logicalId, type: typeName, physicalId }
  if (canonical(made.properties) !== canonical(was.properties)) {
    run.tell(resource, 'UPDATE_IN_PROGRESS')
    const type = resourceTypes.get(typeName)
    try {
      if (!isLambda(typeName) && !isSkipped)
        await type?.update(made, was.properties, run.placeOf(logicalId, made))
    } catch (error) {
      const reason = toReason(error, typeName)
      run.tell(resource, 'UPDATE_FAILED', { reason })
      throw error
    }
    run.tell(
      resource,
      'UPDATE_COMPLETE',
      isSkipped ? { reason: 'Resource skipped during UpdateRollback' } : {},
    )
  }
  run.save({ resources: { ...run.state().resources, [logicalId]: was } })
}

/**
 * Whether a resource stays when the operation that created it is rolled back.
 */
function staysOnRollback(made: Made): boolean {
  return made.deletionPolicy === 'Retain' && made.isRemovedOnRollback !== true
}

/**
 * The resources that the update created are removed once everything is
 * restored.
 */
function setAside(
  run: StackRun,
  logicalId: string,
  made: Made,
  was: Made | undefined,
): void {
  const { [logicalId]: _, ...others } = run.state().resources
  // The resource that was replaced is in use again.
  const leftovers = run
    .state()
    .leftovers.filter((each) => each.made.physicalId !== was?.physicalId)
  const added: Leftover = {
    logicalId,
    made,
    isRetained: staysOnRollback(made),
    isNew: true,
  }
  run.save({
    resources: was ? { ...others, [logicalId]: was } : others,
    leftovers: [...leftovers, added],
  })
}

function restoreFunctions(run: StackRun, { functions }: Snapshot): void {
  const { lambda } = run.home
  for (const [name, entry] of Object.entries(functions))
    lambda.restore(name, entry ?? undefined)
}
