import { authorizeResource } from './authorizeResource.js'
import { describeError, toReason } from './describeError.js'
import type { Made } from './ResourceType.js'
import { resourceTypes } from './resources/types.js'
import type { StackRun } from './StackRun.js'

/** Functions and their parts are restored from a snapshot, not individually. */
export const isLambda = (typeName: string) =>
  typeName.startsWith('AWS::Lambda::')

/** Dependents are removed before their dependencies. */
export function sortForRemoval(
  entries: readonly [string, Made][],
): [string, Made][] {
  const rest = new Map(entries)
  const sorted: [string, Made][] = []
  while (rest.size > 0) {
    const needed = new Set(
      [...rest.values()].flatMap(({ dependsOn }) => dependsOn),
    )
    const free = [...rest].filter(([id]) => !needed.has(id))
    // A stack with a circular dependency can't be deployed, but a state file
    // could still contain one.
    for (const entry of free.length > 0 ? free : [...rest]) {
      sorted.push(entry)
      rest.delete(entry[0])
    }
  }
  return sorted
}

/**
 * Removes one resource from its service, with events.
 *
 * @param how - `discard` for a resource that no one has seen yet.
 * @throws Error naming the resource.
 */
async function removeResource(
  run: StackRun,
  logicalId: string,
  made: Made,
  how: 'remove' | 'discard' = 'remove',
): Promise<void> {
  const { type: typeName, physicalId } = made
  const resource = { logicalId, type: typeName, physicalId }
  const type = resourceTypes.get(typeName)
  const place = run.placeOf(logicalId, made)
  run.tell(resource, 'DELETE_IN_PROGRESS')
  try {
    const asked = { properties: made.properties, identity: made }
    authorizeResource('remove', typeName, asked, place)
    if (how === 'discard' && type?.discard) await type.discard(made, place)
    else await type?.remove(made, place)
  } catch (error) {
    const reason = toReason(error, typeName)
    run.tell(resource, 'DELETE_FAILED', { reason })
    throw new Error(`${logicalId} (${typeName}): ${describeError(error)}`, {
      cause: error,
    })
  }
  run.tell(resource, 'DELETE_COMPLETE')
}

/**
 * Removes all resources of a stack according to their policies.
 *
 * @returns The failures by logical id. The failed resources and their
 *   dependencies stay in the stack.
 */
export async function removeResources(
  run: StackRun,
  options: {
    isRetained: (logicalId: string, made: Made) => boolean
    how?: 'remove' | 'discard'
  },
): Promise<Map<string, string>> {
  const failures = new Map<string, string>()
  const needed = new Set<string>()
  const entries = Object.entries(run.state().resources).reverse()
  for (const [logicalId, made] of sortForRemoval(entries)) {
    const { type, physicalId } = made
    if (needed.has(logicalId)) {
      for (const id of made.dependsOn) needed.add(id)
      continue
    }
    try {
      if (options.isRetained(logicalId, made))
        run.tell({ logicalId, type, physicalId }, 'DELETE_SKIPPED')
      else await removeResource(run, logicalId, made, options.how)
    } catch (error) {
      failures.set(logicalId, describeError(error))
      for (const id of made.dependsOn) needed.add(id)
      continue
    }
    const { [logicalId]: _, ...resources } = run.state().resources
    run.save({ resources })
  }
  return failures
}

/** As in AWS, resources that couldn't be removed stay. */
export async function removeLeftovers(run: StackRun): Promise<void> {
  const used = new Set(
    Object.values(run.state().resources).map(
      ({ type, physicalId }) => `${type} ${physicalId}`,
    ),
  )
  for (const leftover of run.state().leftovers) {
    const { logicalId, made, isRetained, isNew = false } = leftover
    const { type, physicalId } = made
    const isUsed = used.has(`${type} ${physicalId}`)
    if (isRetained) run.tell({ logicalId, type, physicalId }, 'DELETE_SKIPPED')
    else if (!isUsed && !(isNew && isLambda(type)))
      await removeResource(run, logicalId, made).catch((error: unknown) =>
        run.say(`${logicalId} was not deleted: ${describeError(error)}`),
      )
    run.save({ leftovers: run.state().leftovers.slice(1) })
  }
}
