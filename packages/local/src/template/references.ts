import {
  type Scope,
  subVariable,
  text,
  toAttribute,
  toCall,
} from './intrinsics.js'
import { isObject, type Json } from './Json.js'

/**
 * The names of the parameters and resources to which a value refers.
 *
 * @param condition - Chooses the branch of Fn::If; without it, both branches
 *   count.
 * @throws TemplateError
 */
export function references(
  value: Json,
  condition?: Scope['condition'],
): Set<string> {
  const names = new Set<string>()
  visit(value)
  names.delete('AWS::NoValue')
  return names

  function visit(part: Json): void {
    if (Array.isArray(part)) part.forEach(visit)
    if (!isObject(part)) return
    const call = toCall(part)
    if (!call) {
      Object.values(part).forEach(visit)
      return
    }
    const { name, argument } = call
    if (name === 'Ref') names.add(text(name, argument))
    else if (name === 'Fn::GetAtt') names.add(toAttribute(argument)[0])
    else if (name === 'Fn::Sub') visitSub(argument)
    else if (name === 'Fn::If' && condition && Array.isArray(argument)) {
      const [which, yes, no] = argument
      visit((condition(text(name, which)) ? yes : no) ?? null)
    } else visit(argument)
  }

  function visitSub(argument: Json): void {
    const [given, variables] = Array.isArray(argument) ? argument : [argument]
    if (isObject(variables)) Object.values(variables).forEach(visit)
    for (const [, literal, inner = ''] of text('Fn::Sub', given).matchAll(
      subVariable,
    )) {
      const name = inner.trim()
      const isOwn = isObject(variables) && Object.hasOwn(variables, name)
      if (!literal && !isOwn) names.add(name.split('.')[0] ?? name)
    }
  }
}
