import { isObject, type Json, type JsonObject } from './Json.js'
import { quote } from './StackError.js'
import { TemplateError } from './TemplateError.js'

/** The lookups of a template's functions. */
export type Scope = {
  /** Returns the value of a parameter, pseudo parameter or resource. */
  ref(name: string): Json | typeof noValue
  getAtt(logicalId: string, attribute: string): Json
  condition(name: string): boolean
  mappings: JsonObject
}

/** `AWS::NoValue`: removes the property with this value. */
export const noValue = Symbol('AWS::NoValue')

type Value = Json | typeof noValue

/**
 * Evaluates the intrinsic functions in a value.
 *
 * @throws TemplateError
 */
export function evaluate(value: Json, scope: Scope): Value {
  if (Array.isArray(value))
    return value
      .map((each) => evaluate(each, scope))
      .filter((each) => each !== noValue)
  if (!isObject(value)) return value
  const call = toCall(value)
  if (call) return callFunction(call.name, call.argument, scope)
  const result: JsonObject = {}
  for (const [name, each] of Object.entries(value)) {
    const evaluated = evaluate(each, scope)
    if (evaluated !== noValue) define(result, name, evaluated)
  }
  return result
}

/** A template can contain a member `__proto__`. */
function define(object: JsonObject, name: string, value: Json) {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

/** `{ "Fn::X": argument }` or `{ "Ref": name }`. */
export function toCall(
  value: JsonObject,
): { name: string; argument: Json } | undefined {
  const names = Object.keys(value)
  const name = names.find((each) => each === 'Ref' || each.startsWith('Fn::'))
  if (name === undefined) return undefined
  if (names.length > 1)
    throw new TemplateError(`${name} must be the only key of its object.`)
  return { name, argument: value[name] as Json }
}

function callFunction(name: string, argument: Json, scope: Scope): Value {
  const strings = (value: Json): string[] =>
    list(name, evaluate(value, scope)).map((each) => text(name, each))
  switch (name) {
    case 'Ref':
      return scope.ref(text(name, argument))
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = toAttribute(argument, scope)
      return scope.getAtt(logicalId, attribute)
    }
    case 'Fn::Sub':
      return substitute(argument, scope)
    case 'Fn::Join': {
      const [separator, values] = tuple(name, argument, 2)
      return strings(values as Json).join(text(name, separator))
    }
    case 'Fn::Split': {
      const [separator, value] = tuple(name, argument, 2)
      const whole = text(name, evaluate(value as Json, scope))
      return whole.split(text(name, separator))
    }
    case 'Fn::Select': {
      const [index, values] = tuple(name, argument, 2)
      const items = list(name, evaluate(values as Json, scope))
      const position = Number(evaluate(index as Json, scope))
      const item = items[position]
      if (Number.isInteger(position) && item !== undefined) return item
      throw new TemplateError(
        `Fn::Select: ${quote(index)} is not a valid index for a list of length ${items.length} (the first index is 0).`,
      )
    }
    case 'Fn::If': {
      const [condition, yes, no] = tuple(name, argument, 3)
      const chosen = scope.condition(text(name, condition)) ? yes : no
      return evaluate(chosen as Json, scope)
    }
    case 'Fn::FindInMap': {
      const keys = tuple(name, argument, 3).map((each) =>
        text(name, evaluate(each, scope)),
      )
      return findInMap(keys, scope)
    }
    case 'Fn::Base64':
      return Buffer.from(text(name, evaluate(argument, scope))).toString(
        'base64',
      )
    default:
      throw new TemplateError(
        `The local home doesn't support the function ${quote(name)}.`,
      )
  }
}

/** @throws TemplateError */
export function toAttribute(argument: Json, scope?: Scope): [string, string] {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.')
    if (dot > 0) return [argument.slice(0, dot), argument.slice(dot + 1)]
  }
  const [logicalId, attribute] = tuple('Fn::GetAtt', argument, 2)
  const name = scope ? evaluate(attribute as Json, scope) : attribute
  return [text('Fn::GetAtt', logicalId), text('Fn::GetAtt', name)]
}

/** The names in a text for Fn::Sub, in order. */
export const subVariable = /\$\{(!?)([^{}]*)\}/g

function substitute(argument: Json, scope: Scope): string {
  const [given, variables = {}] = Array.isArray(argument)
    ? tuple('Fn::Sub', argument, 2)
    : [argument]
  if (!isObject(variables))
    throw new TemplateError('The variables of Fn::Sub must be an object.')
  return text('Fn::Sub', given as Json).replace(
    subVariable,
    (_, literal: string, inner: string) => {
      const name = inner.trim()
      if (literal) return `\${${inner}}`
      const own = Object.hasOwn(variables, name) ? variables[name] : undefined
      if (own !== undefined) return text('Fn::Sub', evaluate(own, scope))
      const value = name.includes('.')
        ? scope.getAtt(...toAttribute(name))
        : scope.ref(name)
      return text('Fn::Sub', value)
    },
  )
}

function findInMap(keys: readonly string[], scope: Scope): Json {
  let value: Json | undefined = scope.mappings
  for (const key of keys)
    value =
      isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  if (value === undefined)
    throw new TemplateError(
      `Mappings has no value at ${keys.map(quote).join(' > ')}.`,
    )
  return value
}

/** @throws TemplateError for anything but text, a number or a boolean */
export function text(name: string, value: Value | undefined): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  throw new TemplateError(`${name} has a value that is not text.`)
}

function list(name: string, value: Value): Json[] {
  if (Array.isArray(value)) return value
  throw new TemplateError(`${name} has a value that is not a list.`)
}

function tuple(name: string, value: Json, length: number): Json[] {
  if (Array.isArray(value) && value.length === length) return value
  throw new TemplateError(`${name} takes a list of ${length} values.`)
}
