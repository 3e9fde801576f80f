import { AwsError } from '../protocol/Service.js'
import { prepareStack } from './prepareStack.js'
import type { Identity, Made, Place, StackHome } from './ResourceType.js'
import type { Assembly } from './readAssembly.js'
import { changeOf } from './rehearse.js'
import { resourceTypes } from './resources/types.js'
import { StackError } from './StackError.js'
import type { StackState, StackStore } from './StackState.js'
import type { Step } from './Step.js'

export declare namespace deployStack {
  type Parameters = {
    assembly: Assembly
    store: StackStore
    home: StackHome
    /** Default: the name in the assembly. */
    stackName?: string | undefined
    /** Values of the template's parameters. */
    parameters?: Readonly<Record<string, string>> | undefined
    /** A line about what happens, for people. */
    onEvent?: ((event: string) => void) | undefined
  }
}

/**
 * Creates a stack or changes what changed of it, as CloudFormation does. All
 * is checked before anything is made; what fails then is undone.
 *
 * @throws {StackError} assembly-invalid, template-invalid,
 * resource-unsupported, name-taken, update-refused; stack-failed when a
 * service refused something.
 */
export async function deployStack(
  parameters: deployStack.Parameters,
): Promise<StackState> {
  const { assembly, store, home, onEvent = () => {} } = parameters
  const stackName = parameters.stackName ?? assembly.stackName
  const before = store.get(stackName)
  const prepared = prepareStack({
    assembly,
    stackName,
    parameters: parameters.parameters ?? {},
    before,
    home,
  })
  const functions = new Map(
    home.lambda
      .listFunctions()
      .map(({ name }) => [name, home.lambda.snapshot(name)]),
  )
  const undo: (() => Promise<unknown>)[] = []
  let state: StackState = {
    name: stackName,
    status: 'in-progress',
    resources: before?.resources ?? {},
    leftovers: before?.leftovers ?? [],
    outputs: before?.outputs ?? {},
  }
  const save = (change: Partial<StackState>) => {
    const { making: _, ...rest } = state
    state = { ...rest, ...change }
    store.save(state)
  }

  try {
    const made = new Map<string, Identity>()
    for (const step of prepared.steps)
      made.set(step.logicalId, await perform(step, made))
    const wanted = new Set(prepared.steps.map(({ logicalId }) => logicalId))
    const dropped = Object.entries(state.resources)
      .filter(([logicalId]) => !wanted.has(logicalId))
      .reverse()
    save({
      outputs: prepared.outputs(made),
      resources: Object.fromEntries(
        Object.entries(state.resources).filter(([id]) => wanted.has(id)),
      ),
      leftovers: [
        ...state.leftovers,
        ...sortForRemoval(dropped).map(([logicalId, made]) => ({
          logicalId,
          made,
        })),
      ],
    })
  } catch (error) {
    throw await rollBack(error)
  }
  await removeLeftovers()
  save({ status: 'complete' })
  return state

  async function perform(
    step: Step,
    made: ReadonlyMap<string, Identity>,
  ): Promise<Identity> {
    const { logicalId, type, typeName, template, before } = step
    const properties = step.properties(made)
    const change = changeOf(step, properties)
    if (typeof change === 'object') throw new SyntaxError(change.refused)
    const { place, placeBefore } = step
    const record = (identity: Identity, at: Place): Made => ({
      type: typeName,
      physicalId: identity.physicalId,
      attributes: identity.attributes,
      properties,
      deletionPolicy: template.deletionPolicy,
      dependsOn: step.dependsOn,
      generatedName: at.generatedName,
    })
    const keep = (made: Made, more: Partial<StackState> = {}) =>
      save({ resources: { ...state.resources, [logicalId]: made }, ...more })

    if (before && change === 'keep') {
      const same = record(before, placeBefore)
      if (JSON.stringify(same) !== JSON.stringify(before)) keep(same)
      return same
    }
    if (before && change === 'update') {
      onEvent(`${stackName}: updating ${logicalId} (${typeName})`)
      const after = { ...before, properties }
      if (!isLambda(typeName))
        undo.push(() => type.update(after, before.properties, placeBefore))
      const identity = await named(step, () =>
        type.update(before, properties, placeBefore),
      )
      const updated = record(
        identity ?? type.identify(properties, placeBefore),
        placeBefore,
      )
      // An update never changes the id; only attributes may differ.
      const result = { ...updated, physicalId: before.physicalId }
      if (!identity) result.attributes = before.attributes
      keep(result)
      return result
    }
    onEvent(`${stackName}: creating ${logicalId} (${typeName})`)
    const expected = type.identify(properties, place)
    const { physicalId } = expected
    const { generatedName } = place
    save({ making: { logicalId, physicalId, generatedName } })
    const identity =
      (await named(step, () => type.make(properties, place))) ?? expected
    const created = record(identity, place)
    if (!isLambda(typeName))
      undo.push(() => (type.discard ?? type.remove)(created, place))
    const replaced =
      before && template.updateReplacePolicy === 'Delete'
        ? [{ logicalId, made: before }]
        : []
    keep(created, { leftovers: [...state.leftovers, ...replaced] })
    return created
  }

  /** What could not be removed stays behind, as in AWS. */
  async function removeLeftovers(): Promise<void> {
    const used = new Set(
      Object.values(state.resources).map(
        ({ type, physicalId }) => `${type} ${physicalId}`,
      ),
    )
    for (const { logicalId, made } of state.leftovers) {
      const isUsed = used.has(`${made.type} ${made.physicalId}`)
      if (made.deletionPolicy === 'Delete' && !isUsed)
        await removeOne(logicalId, made, placeOf(logicalId, made)).catch(
          (error: unknown) =>
            onEvent(`${stackName}: ${logicalId} stays: ${describe(error)}`),
        )
      save({ leftovers: state.leftovers.slice(1) })
    }
  }

  function placeOf(logicalId: string, made: Made): Place {
    const { generatedName } = made
    return { stackName, logicalId, generatedName, home, asset: assembly.asset }
  }

  async function rollBack(error: unknown): Promise<StackError> {
    onEvent(`${stackName}: rolling back: ${describe(error)}`)
    const problems = [
      `The stack ${stackName} was not ${before ? 'changed' : 'created'}: ${describe(error)}`,
    ]
    for (const each of undo.reverse())
      await each().catch((failure: unknown) =>
        problems.push(`Rolling back failed as well: ${describe(failure)}`),
      )
    for (const { name } of home.lambda.listFunctions())
      if (!functions.has(name)) home.lambda.restore(name, undefined)
    for (const [name, entry] of functions) home.lambda.restore(name, entry)
    if (before) store.save(before)
    else store.remove(stackName)
    return new StackError('stack-failed', problems, error)
  }
}

/**
 * Removes a stack: each resource by its DeletionPolicy. What is retained goes
 * on without the stack.
 *
 * @throws {StackError} stack-failed when a service refuses; what was not
 * removed stays in the stack.
 */
export async function deleteStack(parameters: {
  stackName: string
  store: StackStore
  home: StackHome
}): Promise<void> {
  const { stackName, store, home } = parameters
  let state = store.get(stackName)
  if (!state) return
  const asset = () => undefined
  for (const [logicalId, made] of sortForRemoval(
    Object.entries(state.resources).reverse(),
  )) {
    const { generatedName } = made
    const place = { stackName, logicalId, generatedName, home, asset }
    if (made.deletionPolicy === 'Delete')
      await removeOne(logicalId, made, place).catch((error: unknown) => {
        throw new StackError(
          'stack-failed',
          [`The stack ${stackName} was not removed: ${describe(error)}`],
          error,
        )
      })
    const { [logicalId]: _, ...resources } = state.resources
    state = { ...state, status: 'in-progress', resources }
    store.save(state)
  }
  store.remove(stackName)
}

/** What depends on others goes before them. */
function sortForRemoval(entries: [string, Made][]): [string, Made][] {
  const rest = new Map(entries)
  const sorted: [string, Made][] = []
  while (rest.size > 0) {
    const needed = new Set(
      [...rest.values()].flatMap(({ dependsOn }) => dependsOn),
    )
    const free = [...rest].filter(([id]) => !needed.has(id))
    // A circle can't be deployed, but a state is only a file.
    for (const entry of free.length > 0 ? free : [...rest]) {
      sorted.push(entry)
      rest.delete(entry[0])
    }
  }
  return sorted
}

async function removeOne(
  logicalId: string,
  made: Made,
  place: Place,
): Promise<void> {
  const type = resourceTypes.get(made.type)
  await named({ logicalId, typeName: made.type }, async () =>
    type?.remove(made, place),
  )
}

/** Says of an error which resource it is about. */
async function named<value>(
  { logicalId, typeName }: { logicalId: string; typeName: string },
  work: () => Promise<value>,
): Promise<value> {
  try {
    return await work()
  } catch (error) {
    throw new Error(`${logicalId} (${typeName}): ${describe(error)}`, {
      cause: error,
    })
  }
}

const isLambda = (typeName: string) => typeName.startsWith('AWS::Lambda::')

function describe(error: unknown): string {
  if (error instanceof AwsError)
    return error.text ? `${error.type}: ${error.text}` : error.type
  return error instanceof Error ? error.message : String(error)
}
