import { evaluateCondition } from './conditions.js'
import type { Scope } from './intrinsics.js'
import { isObject, type Json } from './Json.js'
import { references } from './references.js'
import { type Problems, quote } from './StackError.js'
import type { Template } from './Template.js'
import { TemplateError } from './TemplateError.js'

/** Checks the rules that the template sets for its parameters. */
export function assertRules(
  { rules }: Template,
  scope: Scope,
  problems: Problems,
): void {
  for (const [name, rule] of Object.entries(rules))
    problems.try(`Rule ${name}`, () => {
      const { RuleCondition: when, Assertions: assertions } = rule
      if (when !== undefined && !evaluateCondition(when, scope)) return
      for (const each of Array.isArray(assertions) ? assertions : []) {
        if (!isObject(each) || each.Assert === undefined)
          throw new TemplateError('An assertion has no Assert.')
        if (!evaluateCondition(each.Assert, scope))
          throw new TemplateError(
            String(each.AssertDescription ?? 'Its assertion is false.'),
          )
      }
    })
}

/**
 * Checks that the target of every reference, in any branch, is in the template.
 */
export function assertReferences(
  template: Template,
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

/** Checks the references of the resources whose condition holds. */
export function findDependencies(
  template: Template,
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
      problems.add(
        `${id} refers to ${quote(other)}, which is not created because its condition is false.`,
      )
    const explicit = resource.dependsOn.filter(isActive)
    result.set(id, [...new Set([...found.filter(isActive), ...explicit])])
  }
  return result
}
