import { canonical, type JsonObject } from './Json.js'
import type {
  Change,
  Identity,
  Made,
  Place,
  StackHome,
} from './ResourceType.js'
import { trustPolicy } from './resources/IamRole.js'
import { collectProblems, type Problems, quote } from './StackError.js'
import type { StackState } from './StackState.js'
import type { Step } from './Step.js'
import { TemplateError } from './TemplateError.js'

/** The change of one resource. */
export type PlannedChange = {
  logicalId: string
  typeName: string
  action: 'make' | 'keep' | 'update' | 'replace' | 'remove'
  before: Made | undefined
  /**
   * The names of the properties and attributes (such as DeletionPolicy) that
   * change.
   */
  changed: readonly { attribute: string; name?: string }[]
}

/**
 * Goes through all steps with the predictable ids, without changing anything.
 */
export function rehearse(
  steps: readonly Step[],
  before: StackState | undefined,
  home: StackHome,
  problems: Problems,
): { identities: Map<string, Identity>; changes: PlannedChange[] } {
  const changes: PlannedChange[] = []
  const identities = new Map<string, Identity>()
  const trusts = new Map<string, JsonObject>()
  const owners = new Map<string, string>()
  const refusals = collectProblems()
  const taken = collectProblems()
  const rehearsalHome: StackHome = {
    ...home,
    trustPolicyOf: (arn) => trusts.get(arn) ?? home.trustPolicyOf(arn),
  }
  const on = (place: Place) => ({ ...place, home: rehearsalHome })
  // Once a resource is invalid, further errors could merely be consequences of
  // it.
  const broken = new Set<string>()
  for (const step of steps) {
    const { logicalId, type, typeName, dependsOn } = step
    const where = `${logicalId} (${typeName})`
    if (dependsOn.some((id) => broken.has(id))) {
      broken.add(logicalId)
      continue
    }
    const properties = problems.try(where, () => step.properties(identities))
    const isRight =
      properties !== undefined &&
      problems.try(where, () => {
        if (!isKept(step, properties)) type.check(properties, on(step.place))
        return true
      })
    const identity = silently(
      () => properties && type.identify(properties, on(step.place)),
    )
    if (!properties || !identity) broken.add(logicalId)
    else identities.set(logicalId, identity)
    if (!isRight || !identity) continue

    const change = changeOf(step, properties)
    if (typeof change === 'object') refusals.add(`${where}: ${change.refused}`)
    else changes.push(toPlannedChange(step, properties, change))
    if (typeName === 'AWS::IAM::Role' && identity.attributes.Arn)
      trusts.set(identity.attributes.Arn, trustPolicy(properties))
    if (step.before && (change === 'keep' || change === 'update')) {
      identities.set(logicalId, step.before)
    } else if (!choosesIds(typeName)) {
      const { physicalId } = identity
      if (change === 'replace' && physicalId === step.before?.physicalId)
        refusals.add(
          `${where}: this change creates a second resource, which can't have the same name ${quote(physicalId)}. Give the resource another name.`,
        )
      const { making } = before ?? {}
      const isOwn =
        making?.logicalId === logicalId && making.physicalId === physicalId
      const problem = isOwn ? undefined : type.taken?.(identity, step.place)
      if (problem) taken.add(`${where}: ${problem}`)
    }
    // This compares whole names: quoted names are shortened, but long names
    // differ at the end.
    const { physicalId } = identities.get(logicalId) ?? {}
    const name = `${typeName} ${physicalId}`
    const other = owners.get(name)
    if (other && !choosesIds(typeName))
      problems.add(
        `${other} and ${logicalId} both define the ${typeName} ${quote(physicalId)}.`,
      )
    owners.set(name, logicalId)
  }
  problems.throwAny('template-invalid')
  refusals.throwAny('update-refused')
  taken.throwAny('name-taken')
  const wanted = new Set(steps.map(({ logicalId }) => logicalId))
  for (const [logicalId, made] of Object.entries(before?.resources ?? {}))
    if (!wanted.has(logicalId))
      changes.push({
        logicalId,
        typeName: made.type,
        action: 'remove',
        before: made,
        changed: [],
      })
  return { identities, changes }
}

function toPlannedChange(
  { logicalId, typeName, template, before, dependsOn }: Step,
  properties: JsonObject,
  change: 'make' | 'keep' | 'update' | 'replace',
): PlannedChange {
  const changed = before
    ? [
        ...changedNames(before.properties, properties).map((name) => ({
          attribute: 'Properties',
          name,
        })),
        ...(before.deletionPolicy === template.deletionPolicy &&
        (before.isRemovedOnRollback ?? false) === template.isRemovedOnRollback
          ? []
          : [{ attribute: 'DeletionPolicy' }]),
        ...(canonical(before.dependsOn) === canonical(dependsOn)
          ? []
          : [{ attribute: 'DependsOn' }]),
      ]
    : []
  const action = change === 'keep' && changed.length > 0 ? 'update' : change
  return { logicalId, typeName, action, before, changed }
}

function changedNames(before: JsonObject, after: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => canonical(before[name]) !== canonical(after[name]),
  )
}

/** The service chooses the ids, so no two can be equal. */
const choosesIds = (typeName: string): boolean =>
  typeName === 'AWS::KMS::Key' || typeName === 'AWS::Lambda::Version'

/** The problem has already been reported. */
function silently<value>(part: () => value): value | undefined {
  try {
    return part()
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return undefined
  }
}

/**
 * Determines the change of a resource, whether or not the stack already has it.
 */
export function changeOf(
  { before, type, typeName, placeBefore }: Step,
  properties: JsonObject,
): Change | 'make' | 'keep' {
  if (!before) return 'make'
  if (before.type !== typeName)
    return {
      refused: `Its type was ${before.type}, and a type can't be changed. Use another logical id.`,
    }
  if (canonical(before.properties) === canonical(properties)) return 'keep'
  return type.change(before, properties, placeBefore)
}

/** Unchanged resources were checked when they were created. */
function isKept({ before, typeName }: Step, properties: JsonObject): boolean {
  return (
    before?.type === typeName &&
    canonical(before.properties) === canonical(properties)
  )
}
