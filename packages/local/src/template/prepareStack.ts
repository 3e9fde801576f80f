import { randomInt } from 'node:crypto'
import { createConditions, evaluateCondition } from './conditions.js'
import { evaluate, noValue, type Scope } from './intrinsics.js'
import { canonical, isObject, type Json, type JsonObject } from './Json.js'
import { orderResources } from './orderResources.js'
import { readParameters } from './parameters.js'
import type {
  Change,
  Identity,
  Made,
  Place,
  ResourceType,
  StackHome,
} from './ResourceType.js'
import type { Assembly } from './readAssembly.js'
import { references } from './references.js'
import { trustPolicy } from './resources/IamRole.js'
import { resourceTypes } from './resources/types.js'
import { collectProblems, type Problems, quote } from './StackError.js'
import type { Output, StackState } from './StackState.js'
import * as Template from './Template.js'

/** A template whose every part was checked, ready to be made. */
export type PreparedStack = {
  /** In the order of their making. */
  steps: readonly Step[]
  /** @param made - What the functions of a template look up. */
  outputs(made: ReadonlyMap<string, Identity>): Record<string, Output>
}

export type Step = {
  logicalId: string
  type: ResourceType
  typeName: string
  template: Template.Resource
  dependsOn: readonly string[]
  /** As the stack has it now. */
  before: Made | undefined
  /** @throws SyntaxError */
  properties(made: ReadonlyMap<string, Identity>): JsonObject
  /** For making it anew, and for changing what is there. */
  place: Place
  placeBefore: Place
}

type Parameters = {
  assembly: Assembly
  stackName: string
  /** Values of the template's parameters. */
  parameters: Readonly<Record<string, string>>
  before: StackState | undefined
  home: StackHome
}

/**
 * Checks a template as far as it can be without making anything.
 *
 * @throws {StackError} with everything that is wrong.
 */
export function prepareStack(parameters: Parameters): PreparedStack {
  const { assembly, stackName, before, home } = parameters
  const problems = collectProblems()
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stackName))
    problems.add(
      `${quote(stackName)} is not a name for a stack: it must be up to 128 letters, digits and hyphens, starting with a letter.`,
    )
  const template = Template.fromValue(assembly.template)
  const values = readParameters(
    template.parameters,
    parameters.parameters,
    problems,
  )
  problems.throwAny('template-invalid')
  const globals = new Map<string, Json | typeof noValue>([
    ...pseudoParameters(stackName, home),
    ...values,
  ])
  const ref = (name: string) => lookUp(globals, name)
  const { mappings } = template
  const condition = createConditions(template.conditions, { ref, mappings })
  const scopeOf = (made: ReadonlyMap<string, Identity>): Scope => ({
    mappings,
    condition,
    ref: (name) => made.get(name)?.physicalId ?? ref(name),
    getAtt: (id, attribute) => getAtt(made, id, attribute),
  })

  for (const name of Object.keys(template.conditions))
    problems.try(`Condition ${name}`, () => condition(name))
  assertRules(template, scopeOf(new Map()), problems)
  assertReferences(template, globals, problems)
  problems.throwAny('template-invalid')

  for (const [id, { type }] of Object.entries(template.resources))
    if (!resourceTypes.has(type))
      problems.add(
        `${id} is of the type ${type}, which the local home does not have. It has ${[...resourceTypes.keys()].join(', ')}.`,
      )
  problems.throwAny('resource-unsupported')

  const dependencies = findDependencies(template, condition, problems)
  const order = problems.try('Resources', () => orderResources(dependencies))
  problems.throwAny('template-invalid')

  const steps = (order ?? []).map((logicalId): Step => {
    const resource = template.resources[logicalId] as Template.Resource
    const made = before?.resources[logicalId]
    const making = before?.making
    const place = {
      stackName,
      logicalId,
      generatedName:
        making?.logicalId === logicalId
          ? making.generatedName
          : generateName(stackName, logicalId),
      home,
      asset: assembly.asset,
    }
    return {
      logicalId,
      type: resourceTypes.get(resource.type) as ResourceType,
      typeName: resource.type,
      template: resource,
      dependsOn: dependencies.get(logicalId) ?? [],
      before: made,
      properties(made) {
        const value = evaluate(resource.properties, scopeOf(made))
        return isObject(value) ? value : {}
      },
      place,
      placeBefore: made
        ? { ...place, generatedName: made.generatedName }
        : place,
    }
  })
  const identities = rehearse(steps, before, home, problems)
  const outputs: PreparedStack['outputs'] = (made) =>
    evaluateOutputs(template, scopeOf(made))
  problems.try('Outputs', () => outputs(identities))
  problems.throwAny('template-invalid')
  return { steps, outputs }
}

/**
 * Goes through all steps with the ids that can be foreseen, changing nothing.
 */
function rehearse(
  steps: readonly Step[],
  before: StackState | undefined,
  home: StackHome,
  problems: Problems,
): Map<string, Identity> {
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
  // What comes after a resource that is wrong would be wrong because of it.
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
        type.check(properties, on(step.place))
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
    if (typeName === 'AWS::IAM::Role' && identity.attributes.Arn)
      trusts.set(identity.attributes.Arn, trustPolicy(properties))
    if (step.before && (change === 'keep' || change === 'update')) {
      identities.set(logicalId, step.before)
    } else if (!choosesIds(typeName)) {
      const { physicalId } = identity
      if (change === 'replace' && physicalId === step.before?.physicalId)
        refusals.add(
          `${where}: this change makes another one beside it, which can not have the same name ${quote(physicalId)}. Give it another name.`,
        )
      const { making } = before ?? {}
      const isOwn =
        making?.logicalId === logicalId && making.physicalId === physicalId
      const problem = isOwn ? undefined : type.taken?.(identity, step.place)
      if (problem) taken.add(`${where}: ${problem}`)
    }
    const name = `${typeName} ${quote(identities.get(logicalId)?.physicalId)}`
    const other = owners.get(name)
    if (other && !choosesIds(typeName))
      problems.add(`${other} and ${logicalId} are both the ${name}.`)
    owners.set(name, logicalId)
  }
  problems.throwAny('template-invalid')
  refusals.throwAny('update-refused')
  taken.throwAny('name-taken')
  return identities
}

/** The service does, so no two can be the same. */
const choosesIds = (typeName: string): boolean =>
  typeName === 'AWS::KMS::Key' || typeName === 'AWS::Lambda::Version'

/** What is wrong has been said already. */
function silently<value>(part: () => value): value | undefined {
  try {
    return part()
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

/** What becomes of a resource that the stack has or has not. */
export function changeOf(
  { before, type, typeName, placeBefore }: Step,
  properties: JsonObject,
): Change | 'make' | 'keep' {
  if (!before) return 'make'
  if (before.type !== typeName)
    return {
      refused: `it was of the type ${before.type}, and a type can not be changed. Use another logical id.`,
    }
  if (canonical(before.properties) === canonical(properties)) return 'keep'
  return type.change(before, properties, placeBefore)
}

function pseudoParameters(stackName: string, home: StackHome) {
  const { region, accountId } = home
  return [
    ['AWS::AccountId', accountId],
    ['AWS::NoValue', noValue],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', region],
    // The same over all updates, as in AWS; there it ends in a random id.
    [
      'AWS::StackId',
      `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/00000000-0000-0000-0000-000000000000`,
    ],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ] as [string, Json | typeof noValue][]
}

function lookUp(
  globals: ReadonlyMap<string, Json | typeof noValue>,
  name: string,
): Json | typeof noValue {
  const value = globals.get(name)
  if (value !== undefined) return value
  throw new SyntaxError(`There is no value for ${quote(name)} here.`)
}

function getAtt(
  made: ReadonlyMap<string, Identity>,
  id: string,
  attribute: string,
): string {
  const attributes = made.get(id)?.attributes ?? {}
  const value = Object.hasOwn(attributes, attribute)
    ? attributes[attribute]
    : undefined
  if (value !== undefined) return value
  throw new SyntaxError(
    `${id} has no attribute ${quote(attribute)} in the local home. It has ${Object.keys(attributes).join(', ') || 'none'}.`,
  )
}

function assertRules(
  { rules }: Template.Template,
  scope: Scope,
  problems: Problems,
): void {
  for (const [name, rule] of Object.entries(rules))
    problems.try(`Rule ${name}`, () => {
      const { RuleCondition: when, Assertions: assertions } = rule
      if (when !== undefined && !evaluateCondition(when, scope)) return
      for (const each of Array.isArray(assertions) ? assertions : []) {
        if (!isObject(each) || each.Assert === undefined)
          throw new SyntaxError('An assertion has no Assert.')
        if (!evaluateCondition(each.Assert, scope))
          throw new SyntaxError(
            String(each.AssertDescription ?? 'Its assertion does not hold.'),
          )
      }
    })
}

/** Everything that is referred to, in any branch, must be in the template. */
function assertReferences(
  template: Template.Template,
  globals: ReadonlyMap<string, unknown>,
  problems: Problems,
): void {
  const { resources, outputs, conditions } = template
  const exists = (name: string) =>
    globals.has(name) || Object.hasOwn(resources, name)
  const check = (where: string, value: Json) =>
    problems.try(where, () => {
      for (const name of references(value))
        if (!exists(name))
          problems.add(
            `${where} refers to ${quote(name)}, which is not in the template.`,
          )
    })
  const assertCondition = (where: string, name: Json | undefined) => {
    if (name !== undefined && !Object.hasOwn(conditions, String(name)))
      problems.add(
        `${where} has the condition ${quote(name)}, which is not in the template.`,
      )
  }
  for (const [id, resource] of Object.entries(resources)) {
    check(id, resource.properties)
    assertCondition(id, resource.condition)
    for (const other of resource.dependsOn)
      if (!Object.hasOwn(resources, other))
        problems.add(
          `${id} depends on ${quote(other)}, which is not in the template.`,
        )
  }
  for (const [name, output] of Object.entries(outputs)) {
    check(`Output ${name}`, output)
    assertCondition(`Output ${name}`, output.Condition)
  }
}

/** Of the resources whose condition holds. */
function findDependencies(
  template: Template.Template,
  condition: (name: string) => boolean,
  problems: Problems,
): Map<string, string[]> {
  const { resources } = template
  const isActive = (id: string) => {
    const name = resources[id]?.condition
    return name === undefined || condition(name)
  }
  const result = new Map<string, string[]>()
  for (const [id, resource] of Object.entries(resources)) {
    if (!isActive(id)) continue
    const needed =
      problems.try(id, () => references(resource.properties, condition)) ?? []
    const found = [...needed].filter((name) => Object.hasOwn(resources, name))
    for (const other of found.filter((name) => !isActive(name)))
      problems.add(`${id} refers to ${other}, whose condition does not hold.`)
    const explicit = resource.dependsOn.filter(isActive)
    result.set(id, [...new Set([...found.filter(isActive), ...explicit])])
  }
  return result
}

function evaluateOutputs(
  { outputs }: Template.Template,
  scope: Scope,
): Record<string, Output> {
  const result: Record<string, Output> = {}
  for (const [name, output] of Object.entries(outputs)) {
    const { Condition: when, Value, Export } = output
    if (typeof when === 'string' && !scope.condition(when)) continue
    const value = Value === undefined ? noValue : evaluate(Value, scope)
    if (value === noValue) throw new SyntaxError(`${name} has no Value.`)
    const exported = isObject(Export) ? Export.Name : undefined
    const exportName =
      exported === undefined ? undefined : String(evaluate(exported, scope))
    result[name] = { value, ...(exportName !== undefined && { exportName }) }
  }
  return result
}

/** As CloudFormation names what a template leaves without a name. */
function generateName(stackName: string, logicalId: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  let suffix = ''
  while (suffix.length < 12) suffix += alphabet[randomInt(alphabet.length)]
  // Role names have 64 characters at most.
  const room = 64 - suffix.length - 2
  const stack = stackName.slice(0, Math.ceil(room / 2))
  return `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`
}
