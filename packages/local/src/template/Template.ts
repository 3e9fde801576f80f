import { isObject, type Json, type JsonObject } from './Json.js'
import { collectProblems, type Problems, quote } from './StackError.js'

/** The sections of a template whose form has been checked. */
export type Template = {
  parameters: Readonly<Record<string, JsonObject>>
  mappings: JsonObject
  conditions: JsonObject
  rules: Readonly<Record<string, JsonObject>>
  resources: Readonly<Record<string, Resource>>
  outputs: Readonly<Record<string, JsonObject>>
}

export type Resource = {
  type: string
  properties: JsonObject
  /** Logical ids. */
  dependsOn: readonly string[]
  condition: string | undefined
  deletionPolicy: RemovalPolicy
  updateReplacePolicy: RemovalPolicy
  /**
   * RetainExceptOnCreate: whether the resource is removed if its creation is
   * rolled back.
   */
  isRemovedOnRollback: boolean
}

export type RemovalPolicy = 'Delete' | 'Retain'

const sections = [
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Resources',
  'Outputs',
]
/** CloudFormation's limit for each section. */
const limits = { Mappings: 200, Outputs: 200, Parameters: 200, Resources: 500 }
const withoutMeaning = ['AWSTemplateFormatVersion', 'Description', 'Metadata']

/** @throws {StackError} template-invalid */
export function fromValue(value: Json): Template {
  const problems = collectProblems()
  if (!isObject(value)) {
    problems.add('The template is not a JSON object.')
    problems.throwAny('template-invalid')
    throw new Error('unreachable')
  }
  for (const name of Object.keys(value))
    if (!sections.includes(name) && !withoutMeaning.includes(name))
      problems.add(
        `The template has a section ${quote(name)}, which the local home doesn't support.`,
      )
  const section = (name: string) => readSection(value, name, problems)
  const entries = Object.entries(section('Resources'))
  if (entries.length === 0) problems.add('The template has no Resources.')
  const template: Template = {
    parameters: section('Parameters'),
    mappings: section('Mappings'),
    conditions: section('Conditions'),
    rules: section('Rules'),
    resources: Object.fromEntries(
      entries.map(([id, each]) => [id, readResource(id, each, problems)]),
    ),
    outputs: section('Outputs'),
  }
  for (const id of [
    ...Object.keys(template.resources),
    ...Object.keys(template.parameters),
  ])
    if (!/^[A-Za-z0-9]{1,255}$/.test(id))
      problems.add(
        `${quote(id)} is not a logical id. A logical id consists of letters and digits.`,
      )
  for (const [name, most] of Object.entries(limits)) {
    const { length } = Object.keys(value[name] ?? {})
    if (length > most)
      problems.add(
        `Template format error: Number of ${name.toLowerCase()}, ${length}, is greater than maximum allowed, ${most}`,
      )
  }
  problems.throwAny('template-invalid')
  return template
}

function readSection(
  template: JsonObject,
  name: string,
  problems: Problems,
): Record<string, JsonObject> {
  const section = template[name]
  if (section === undefined) return {}
  if (isObject(section) && Object.values(section).every(isObject))
    return section as Record<string, JsonObject>
  problems.add(`The section ${name} of the template must contain objects.`)
  return {}
}

const attributes = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
]

function readResource(
  id: string,
  resource: JsonObject,
  problems: Problems,
): Resource {
  const { Type: type, Properties: properties = {}, DependsOn = [] } = resource
  const { Condition: condition } = resource
  for (const name of Object.keys(resource))
    if (!attributes.includes(name))
      problems.add(
        `${id} has an attribute ${quote(name)}, which the local home doesn't support.`,
      )
  if (typeof type !== 'string') problems.add(`${id} has no Type.`)
  if (!isObject(properties)) problems.add(`${id} has invalid Properties.`)
  const dependsOn = Array.isArray(DependsOn) ? DependsOn : [DependsOn]
  if (!dependsOn.every((each) => typeof each === 'string'))
    problems.add(`${id} has an invalid DependsOn.`)
  if (condition !== undefined && typeof condition !== 'string')
    problems.add(`${id} has an invalid Condition.`)
  const policy = (name: string): RemovalPolicy => {
    const value = resource[name] ?? 'Delete'
    if (value === 'Delete') return 'Delete'
    if (value !== 'Retain' && value !== 'RetainExceptOnCreate')
      problems.add(
        `${id} has the ${name} ${quote(value)}. Allowed: Delete, Retain and RetainExceptOnCreate.`,
      )
    return 'Retain'
  }
  return {
    type: String(type),
    properties: isObject(properties) ? properties : {},
    dependsOn: dependsOn as string[],
    condition: typeof condition === 'string' ? condition : undefined,
    deletionPolicy: policy('DeletionPolicy'),
    updateReplacePolicy: policy('UpdateReplacePolicy'),
    isRemovedOnRollback: resource.DeletionPolicy === 'RetainExceptOnCreate',
  }
}
