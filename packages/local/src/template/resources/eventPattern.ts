import { isObject, type Json, type JsonObject } from '../Json.js'
import { object } from '../properties.js'
import { quote } from '../StackError.js'
import { TemplateError } from '../TemplateError.js'

/** How values may be compared, beside being equal. */
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
 * The pattern of a rule, as EventBridge takes it. It refuses what is long, what
 * is no pattern, and what its wildcards make too complex. How it adds that up
 * is not documented, so the home takes none of them.
 *
 * @throws TemplateError
 */
export function eventPattern(value: Json): JsonObject {
  const found = object(value)
  const written = JSON.stringify(found)
  if (written.length > 2048)
    throw new TemplateError(
      `The pattern has ${written.length} characters, more than the 2048 that EventBridge takes.`,
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
      'It has a wildcard, and EventBridge refuses rules with few of them ("Rule is too complex"). Name exact values, prefixes or suffixes.',
    )
  if (more.length > 0) throw invalid('Only one key allowed in match expression')
  if (!operators.includes(operator))
    throw invalid(`Unrecognized match type ${operator}`)
  if (/fix$/.test(operator) && !value[operator])
    throw invalid(`${operator} match pattern must not be empty`)
}

const invalid = (reason: string) =>
  new TemplateError(`Event pattern is not valid. Reason: ${reason}`)
