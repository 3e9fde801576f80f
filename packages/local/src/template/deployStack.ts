import { setTimeout as sleep } from 'node:timers/promises'
import { attempt } from './attempt.js'
import { authorizeResource } from './authorizeResource.js'
import { failStack } from './failStack.js'
import { prepareStack } from './prepareStack.js'
import type { Identity, Made, Place, StackHome } from './ResourceType.js'
import type { Assembly } from './readAssembly.js'
import { changeOf } from './rehearse.js'
import { removeLeftovers, sortForRemoval } from './removeResources.js'
import { createStackRun, type StackRun } from './StackRun.js'
import {
  newStackId,
  type StackSource,
  type StackState,
  type StackStore,
} from './StackState.js'
import type { Step } from './Step.js'
import { TemplateError } from './TemplateError.js'
import { touchedFunction } from './touchedFunction.js'

export declare namespace deployStack {
  type Parameters = {
    assembly: Assembly
    store: StackStore
    home: StackHome
    /** Default: the name in the assembly. */
    stackName?: string | undefined
    /** Values of the template's parameters. */
    parameters?: Readonly<Record<string, string>> | undefined
    /** Receives progress lines for users. */
    onEvent?: ((event: string) => void) | undefined
    /** Further details about the source. */
    source?: Partial<StackSource>
    /**
     * What to do if the deployment fails. `discard` leaves nothing of a new
     * stack, not even the stack itself. `roll back` follows the DeletionPolicy
     * and leaves a stack that shows what happened. `keep` leaves everything as
     * it is, also after an update. Default: discard.
     */
    onFailure?: 'discard' | 'roll back' | 'keep'
    requestToken?: string | undefined
  }
}

/**
 * Creates a stack or applies its changes, as CloudFormation does. Everything is
 * checked before anything is created. A failed deployment is undone. A killed
 * deployment is continued.
 *
 * @throws {StackError} assembly-invalid, template-invalid,
 *   resource-unsupported, name-taken, update-refused; stack-failed if a service
 *   refused something.
 */
export async function deployStack(
  parameters: deployStack.Parameters,
): Promise<StackState> {
  const { assembly, store, home, onFailure = 'discard' } = parameters
  const stackName = parameters.stackName ?? assembly.stackName
  const found = store.get(stackName)
  // A stack whose creation was rolled back can't be changed, so a new one
  // replaces it.
  const before = found?.status === 'ROLLBACK_COMPLETE' ? undefined : found
  const id = before?.id ?? newStackId(stackName, home)
  const isContinued =
    before?.status === 'CREATE_IN_PROGRESS' ||
    before?.status === 'UPDATE_IN_PROGRESS'
  const isCreation =
    before === undefined ||
    before.status === 'REVIEW_IN_PROGRESS' ||
    before.status === 'CREATE_IN_PROGRESS'
  const given = parameters.parameters ?? {}
  const prepared = prepareStack({
    assembly,
    stackName,
    stackId: id,
    parameters: given,
    before,
    home,
  })
  const source: StackSource = {
    templateText: JSON.stringify(assembly.template),
    tags: [],
    capabilities: [],
    notificationArns: [],
    deployer: home.deployer,
    ...parameters.source,
    parameters: given,
  }
  if (before && !isCreation && !isContinued && !prepared.hasChanges) {
    const isSame =
      JSON.stringify(before.source?.tags ?? []) === JSON.stringify(source.tags)
    if (isSame) return before
  }
  if (found && !before)
    store.bury({ ...found, status: 'DELETE_COMPLETE', deletedAt: Date.now() })
  const run = createStackRun({
    store,
    home,
    asset: assembly.asset,
    onEvent: parameters.onEvent,
    requestToken: parameters.requestToken,
    state: {
      createdAt: Date.now(),
      resources: {},
      leftovers: [],
      outputs: {},
      ...before,
      name: stackName,
      id,
      status: isCreation ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS',
      ...(!isCreation && { updatedAt: Date.now() }),
      source,
      before: (isContinued ? before.before : undefined) ?? {
        resources: before?.resources ?? {},
        outputs: before?.outputs ?? {},
        ...(before?.source && { source: before.source }),
        functions: {},
      },
    },
  })
  run.enter(
    isCreation ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS',
    'User Initiated',
  )
  const { resources } = run.state()
  try {
    const made = new Map<string, Identity>()
    for (const step of prepared.steps)
      made.set(step.logicalId, await perform(run, step, made))
    dropOthers(run, prepared.steps)
    run.save({ outputs: prepared.outputs(made) })
    const settleMs = run.home.settleMs?.() ?? 0
    if (settleMs > 0 && !isSame(resources, run.state().resources))
      await sleep(settleMs)
  } catch (error) {
    throw await failStack(run, error, { isCreation, onFailure })
  }
  if (!isCreation) run.enter('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')
  await removeLeftovers(run)
  run.forgetBefore()
  run.enter(isCreation ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE')
  return run.state()
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Resources in the stack that are no longer in the template. */
function dropOthers(run: StackRun, steps: readonly Step[]): void {
  const wanted = new Set(steps.map(({ logicalId }) => logicalId))
  const { resources, leftovers } = run.state()
  const dropped = Object.entries(resources)
    .filter(([logicalId]) => !wanted.has(logicalId))
    .reverse()
  run.save({
    resources: Object.fromEntries(
      Object.entries(resources).filter(([id]) => wanted.has(id)),
    ),
    leftovers: [
      ...leftovers,
      ...sortForRemoval(dropped).map(([logicalId, made]) => ({
        logicalId,
        made,
        isRetained: made.deletionPolicy === 'Retain',
      })),
    ],
  })
}

/** Creates, changes or keeps one resource. */
async function perform(
  run: StackRun,
  step: Step,
  made: ReadonlyMap<string, Identity>,
): Promise<Identity> {
  const { logicalId, type, typeName, template, before } = step
  const properties = step.properties(made)
  const change = changeOf(step, properties)
  if (typeof change === 'object') throw new TemplateError(change.refused)
  const { place, placeBefore } = step
  const resource = { logicalId, type: typeName }
  const record = (identity: Identity, at: Place): Made => ({
    type: typeName,
    physicalId: identity.physicalId,
    attributes: identity.attributes,
    properties,
    deletionPolicy: template.deletionPolicy,
    ...(template.isRemovedOnRollback && { isRemovedOnRollback: true }),
    dependsOn: step.dependsOn,
    generatedName: at.generatedName,
  })
  const keep = (made: Made, more: Partial<StackState> = {}) =>
    run.save({
      resources: { ...run.state().resources, [logicalId]: made },
      ...more,
    })

  if (before && change === 'keep') {
    const same = record(before, placeBefore)
    if (JSON.stringify(same) !== JSON.stringify(before)) keep(same)
    return same
  }
  if (before && change === 'update') {
    const { physicalId } = before
    run.say(`updating ${logicalId} (${typeName})`)
    run.tell({ ...resource, physicalId }, 'UPDATE_IN_PROGRESS', { properties })
    remember(run, typeName, properties, placeBefore)
    run.save({ changing: { logicalId, properties } })
    const identity = await attempt(
      run,
      { ...resource, physicalId },
      'UPDATE_FAILED',
      async () => {
        const asked = { properties, identity: before }
        authorizeResource('update', typeName, asked, placeBefore)
        return await type.update(before, properties, placeBefore)
      },
    )
    const updated = record(
      identity ?? type.identify(properties, placeBefore),
      placeBefore,
    )
    // An update never changes the id. Only attributes can differ.
    const result = { ...updated, physicalId }
    if (!identity) result.attributes = before.attributes
    keep(result)
    run.tell({ ...resource, physicalId }, 'UPDATE_COMPLETE', { properties })
    return result
  }
  const [verb, reason] = before
    ? ([
        'UPDATE',
        'Requested update requires the creation of a new physical resource; hence creating one.',
      ] as const)
    : (['CREATE'] as const)
  run.say(`creating ${logicalId} (${typeName})`)
  run.tell(resource, `${verb}_IN_PROGRESS`, { reason, properties })
  const expected = type.identify(properties, place)
  const { physicalId } = expected
  const { generatedName } = place
  remember(run, typeName, properties, place)
  run.save({ making: { logicalId, physicalId, generatedName } })
  const identity =
    (await attempt(run, resource, `${verb}_FAILED`, async () => {
      const asked = { properties, identity: expected }
      authorizeResource('make', typeName, asked, place)
      return await type.make(properties, place)
    })) ?? expected
  const created = record(identity, place)
  const replaced = before
    ? [
        {
          logicalId,
          made: before,
          isRetained: template.updateReplacePolicy === 'Retain',
        },
      ]
    : []
  keep(created, { leftovers: [...run.state().leftovers, ...replaced] })
  const done = { ...resource, physicalId: identity.physicalId }
  run.tell(done, `${verb}_IN_PROGRESS`, {
    reason: 'Resource creation Initiated',
    properties,
  })
  run.tell(done, `${verb}_COMPLETE`, { properties })
  return created
}

/** Records a function before its first change, for a rollback. */
function remember(
  run: StackRun,
  typeName: string,
  properties: Step['template']['properties'],
  place: Place,
): void {
  const name = touchedFunction(typeName, properties, place)
  const { before } = run.state()
  if (name === undefined || !before || Object.hasOwn(before.functions, name))
    return
  const entry = run.home.lambda.snapshot(name) ?? null
  const functions = { ...before.functions, [name]: entry }
  run.save({ before: { ...before, functions } })
}
