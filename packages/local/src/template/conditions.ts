import { evaluate, type Scope, text, toCall } from './intrinsics.js'
import { isObject, type Json, type JsonObject } from './Json.js'
import { quote } from './StackError.js'
import { TemplateError } from './TemplateError.js'

/**
 * Creates a function that looks up a template's Conditions. Each condition is
 * evaluated only once.
 *
 * @param scope - The scope for their values, which contains only parameters and
 * mappings.
 */
export function createConditions(
  conditions: JsonObject,
  scope: Omit<Scope, 'condition' | 'getAtt'>,
): (name: string) => boolean {
  const known = new Map<string, boolean | 'busy'>()
  const inner: Scope = {
    ...scope,
    condition,
    getAtt: () => {
      throw new TemplateError("A condition can't use Fn::GetAtt.")
    },
  }
  return condition

  function condition(name: string): boolean {
    const found = known.get(name)
    if (found === 'busy')
      throw new TemplateError(`The condition ${quote(name)} refers to itself.`)
    if (found !== undefined) return found
    const value = Object.hasOwn(conditions, name) ? conditions[name] : undefined
    if (value === undefined)
      throw new TemplateError(`The condition ${quote(name)} doesn't exist.`)
    known.set(name, 'busy')
    const result = evaluateCondition(value, inner)
    known.set(name, result)
    return result
  }
}

/**
 * Evaluates a condition function.
 *
 * @throws TemplateError
 */
export function evaluateCondition(value: Json, scope: Scope): boolean {
  if (!isObject(value))
    throw new TemplateError(
      'A condition must be a function such as Fn::Equals.',
    )
  const { Condition: name } = value
  if (typeof name === 'string' && Object.keys(value).length === 1)
    return scope.condition(name)
  const call = toCall(value)
  const items = call && Array.isArray(call.argument) ? call.argument : []
  const each = () => items.map((item) => evaluateCondition(item, scope))
  const size = (from: number, to: number) => {
    if (items.length < from || items.length > to)
      throw new TemplateError(
        `${call?.name} has the wrong number of values: ${items.length}.`,
      )
  }
  switch (call?.name) {
    case 'Fn::Equals': {
      size(2, 2)
      const [a, b] = items.map((item) => comparable(item, scope))
      return a === b
    }
    case 'Fn::Contains': {
      size(2, 2)
      const [list, wanted] = items.map((item) => evaluate(item, scope))
      return (
        Array.isArray(list) &&
        list.some(
          (x) => text('Fn::Contains', x) === text('Fn::Contains', wanted),
        )
      )
    }
    case 'Fn::Not':
      size(1, 1)
      return !each()[0]
    case 'Fn::And':
      size(2, 10)
      return each().every(Boolean)
    case 'Fn::Or':
      size(2, 10)
      return each().some(Boolean)
    default:
      throw new TemplateError(
        `A condition contains ${quote(call?.name ?? value)}, which is not a condition function.`,
      )
  }
}

function comparable(value: Json, scope: Scope): string {
  return text('Fn::Equals', evaluate(value, scope))
}
