import { isObject, type Json, type JsonObject } from '../Json.js'
import { object } from '../properties.js'
import { quote } from '../StackError.js'
import { TemplateError } from '../TemplateError.js'

/** The comparison operators other than equality. */
const operators = [
  'anything-but',
  'cidr',
  'equals-ignore-case',
  'exists',
  'numeric',
  'prefix',
  'suffix',
]

/**
 * Reads a rule's pattern, as EventBridge does. It refuses patterns that are too
 * long, invalid, or too complex because of wildcards. AWS doesn't document that
 * limit, so the home refuses all wildcards.
 *
 * @throws TemplateError
 */
export function eventPattern(value: Json): JsonObject {
  const found = object(value)
  const written = JSON.stringify(found)
  if (written.length > 2048)
    throw new TemplateError(
      `The pattern has ${written.length} characters. EventBridge allows up to 2048.`,
    )
  assertFields(found)
  return found
}

function assertFields(pattern: JsonObject): void {
  const fields = Object.entries(pattern)
  if (fields.length === 0) throw invalid('Empty objects are not allowed')
  for (const [name, value] of fields) {
    if (name === '$or') assertAlternatives(value)
    else if (isObject(value)) assertFields(value)
    else if (!Array.isArray(value))
      throw invalid(`${quote(name)} must be an object or an array`)
    else if (value.length === 0) throw invalid('Empty arrays are not allowed')
    else for (const each of value) assertComparison(each)
  }
}

function assertAlternatives(value: Json | undefined): void {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isObject))
    throw invalid('There must have at least 2 Objects in $or relationship.')
  for (const each of value) assertFields(each as JsonObject)
}

function assertComparison(value: Json): void {
  if (Array.isArray(value)) throw invalid('Nested arrays are not allowed')
  if (!isObject(value)) return
  const [operator = '', ...more] = Object.keys(value)
  if (operator === 'wildcard')
    throw new TemplateError(
      'It has a wildcard. EventBridge refuses rules with even a few wildcards ' +
        '("Rule is too complex"). Use exact values, prefixes or suffixes.',
    )
  if (more.length > 0) throw invalid('Only one key allowed in match expression')
  if (!operators.includes(operator))
    throw invalid(`Unrecognized match type ${operator}`)
  if (/fix$/.test(operator) && !value[operator])
    throw invalid(`${operator} match pattern must not be empty`)
}

const invalid = (reason: string) =>
  new TemplateError(`Event pattern is not valid. Reason: ${reason}`)
