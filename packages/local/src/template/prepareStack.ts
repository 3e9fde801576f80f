import { randomInt } from 'node:crypto'
import { createConditions } from './conditions.js'
import { evaluate, noValue, type Scope } from './intrinsics.js'
import { isObject, type Json } from './Json.js'
import { orderResources } from './orderResources.js'
import { readParameters } from './parameters.js'
import type { Identity, ResourceType, StackHome } from './ResourceType.js'
import type { Assembly } from './readAssembly.js'
import { type PlannedChange, rehearse } from './rehearse.js'
import { resourceTypes } from './resources/types.js'
import { collectProblems, quote } from './StackError.js'
import type { Output, StackState } from './StackState.js'
import type { Step } from './Step.js'
import * as Template from './Template.js'
import { TemplateError } from './TemplateError.js'
import {
  assertReferences,
  assertRules,
  findDependencies,
} from './templateChecks.js'

/** A fully checked template, ready to be deployed. */
export type PreparedStack = {
  /** Resources in order of creation. */
  steps: readonly Step[]
  /** The change of every resource, including removed ones. */
  changes: readonly PlannedChange[]
  /** Whether a deployment would change anything. */
  hasChanges: boolean
  /**
   * @param made - The resources that were already created, for the template's
   * functions.
   */
  outputs(made: ReadonlyMap<string, Identity>): Record<string, Output>
}

type Parameters = {
  assembly: Assembly
  stackName: string
  /** ARN of the stack, the value of AWS::StackId. */
  stackId: string
  /** Values of the template's parameters. */
  parameters: Readonly<Record<string, string>>
  before: StackState | undefined
  home: StackHome
  /** Default: the SSM parameters that every bootstrap creates. */
  ssmParameter?: (name: string) => string | undefined
}

/**
 * Checks a template as far as possible without creating anything.
 *
 * @throws {StackError} that lists every problem.
 */
export function prepareStack(parameters: Parameters): PreparedStack {
  const { assembly, stackName, stackId, before, home } = parameters
  const problems = collectProblems()
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stackName))
    problems.add(
      `${quote(stackName)} is not a stack name. Allowed: up to 128 letters, digits and hyphens, starting with a letter.`,
    )
  const template = Template.fromValue(assembly.template)
  const values = readParameters(
    template.parameters,
    parameters.parameters,
    problems,
    parameters.ssmParameter,
  )
  problems.throwAny('template-invalid')
  const globals = new Map<string, Json | typeof noValue>([
    ...pseudoParameters(stackName, stackId, home),
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
        `${id} has the type ${type}, which the local home doesn't support. Supported types: ${[...resourceTypes.keys()].join(', ')}.`,
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
  const { identities, changes } = rehearse(steps, before, home, problems)
  const outputs: PreparedStack['outputs'] = (made) =>
    evaluateOutputs(template, scopeOf(made))
  const expected = problems.try('Outputs', () => outputs(identities))
  problems.throwAny('template-invalid')
  const hasChanges =
    changes.some(({ action }) => action !== 'keep') ||
    JSON.stringify(expected) !== JSON.stringify(before?.outputs ?? {})
  return { steps, changes, hasChanges, outputs }
}

function pseudoParameters(stackName: string, stackId: string, home: StackHome) {
  const { region, accountId } = home
  return [
    ['AWS::AccountId', accountId],
    ['AWS::NoValue', noValue],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', region],
    ['AWS::StackId', stackId],
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
  throw new TemplateError(`${quote(name)} has no value here.`)
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
  throw new TemplateError(
    `The resource ${quote(id)} doesn't have the attribute ${quote(attribute)} in the local home. Its attributes: ${Object.keys(attributes).join(', ') || 'none'}.`,
  )
}

function evaluateOutputs(
  { outputs }: Template.Template,
  scope: Scope,
): Record<string, Output> {
  const result: Record<string, Output> = {}
  for (const [name, output] of Object.entries(outputs)) {
    const { Condition: when, Value, Export, Description } = output
    if (typeof when === 'string' && !scope.condition(when)) continue
    const value = Value === undefined ? noValue : evaluate(Value, scope)
    if (value === noValue) throw new TemplateError(`${name} has no Value.`)
    const exported = isObject(Export) ? Export.Name : undefined
    const exportName =
      exported === undefined ? undefined : String(evaluate(exported, scope))
    result[name] = {
      value,
      ...(exportName !== undefined && { exportName }),
      ...(typeof Description === 'string' && { description: Description }),
    }
  }
  return result
}

/** The name that CloudFormation gives to a resource without a name. */
function generateName(stackName: string, logicalId: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  let suffix = ''
  while (suffix.length < 12) suffix += alphabet[randomInt(alphabet.length)]
  // Role names can have at most 64 characters.
  const room = 64 - suffix.length - 2
  const stack = stackName.slice(0, Math.ceil(room / 2))
  return `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`
}
