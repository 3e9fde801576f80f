import * as Bootstrap from '../bootstrap/Bootstrap.js'
import { text } from './intrinsics.js'
import type { Json, JsonObject } from './Json.js'
import { type Problems, quote } from './StackError.js'
import { TemplateError } from './TemplateError.js'

const listTypes = ['CommaDelimitedList', 'List<Number>', 'List<String>']
const types = ['String', 'Number', ...listTypes]
const ssm = /^AWS::SSM::Parameter::Value<(String|CommaDelimitedList)>$/
// The name of the SSM parameter with the bootstrap version. A home is always up
// to date.
const bootstrap = /^\/cdk-bootstrap\/[A-Za-z0-9_-]+\/version$/

/** The values of a template's parameters: the given ones, or the defaults. */
export function readParameters(
  declared: Readonly<Record<string, JsonObject>>,
  given: Readonly<Record<string, string>>,
  problems: Problems,
  ssmParameter = (name: string): string | undefined =>
    bootstrap.test(name) ? Bootstrap.version : undefined,
): Map<string, Json> {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(declared, name))
      problems.add(`The template doesn't have a parameter ${quote(name)}.`)
  const values = new Map<string, Json>()
  for (const [name, declaration] of Object.entries(declared)) {
    const own = Object.hasOwn(given, name) ? given[name] : undefined
    const value = own ?? declaration.Default
    problems.try(`Parameter ${name}`, () => {
      if (value === undefined)
        throw new TemplateError('It has no default, so it needs a value.')
      const shown = text('It', value)
      values.set(name, toValue(declaration, shown, ssmParameter))
    })
  }
  return values
}

function toValue(
  declaration: JsonObject,
  value: string,
  ssmParameter: (name: string) => string | undefined,
): Json {
  const type = String(declaration.Type)
  const fromStore = ssm.exec(type)
  if (fromStore) {
    const found = ssmParameter(value)
    if (found !== undefined) return found
    throw new TemplateError(
      `In the local home, templates can read only the SSM parameter that cdk bootstrap creates, not ${quote(value)}.`,
    )
  }
  if (!types.includes(type))
    throw new TemplateError(
      `The local home doesn't support parameters of type ${type}.`,
    )
  if (!listTypes.includes(type)) {
    assertAllowed(declaration, value)
    return value
  }
  const items = value === '' ? [] : value.split(',').map((each) => each.trim())
  for (const item of items) assertAllowed(declaration, item)
  return items
}

function assertAllowed(declaration: JsonObject, text: string): void {
  const { AllowedValues, AllowedPattern, NoEcho } = declaration
  const fail = (rule: string): never => {
    const shown =
      NoEcho === true || NoEcho === 'true' ? 'The value' : quote(text)
    throw new TemplateError(`${shown} ${rule}`)
  }
  if (
    Array.isArray(AllowedValues) &&
    !AllowedValues.some((each) => String(each) === text)
  )
    fail(
      `is not allowed. Allowed values: ${AllowedValues.map(quote).join(', ')}.`,
    )
  if (
    typeof AllowedPattern === 'string' &&
    !new RegExp(`^(?:${AllowedPattern})$`).test(text)
  )
    fail(`doesn't match the pattern ${AllowedPattern}.`)
  const isNumber = String(declaration.Type).includes('Number')
  if (isNumber && !/^[+-]?\d+(?:\.\d+)?$/.test(text)) fail('is not a number.')
  const limit = (name: string) =>
    declaration[name] === undefined ? undefined : Number(declaration[name])
  const number = Number(text)
  if (number < (limit('MinValue') ?? -Infinity))
    fail(`is too small. The minimum is ${limit('MinValue')}.`)
  if (number > (limit('MaxValue') ?? Infinity))
    fail(`is too large. The maximum is ${limit('MaxValue')}.`)
  if (text.length < (limit('MinLength') ?? 0))
    fail(`is too short. The minimum length is ${limit('MinLength')}.`)
  if (text.length > (limit('MaxLength') ?? Infinity))
    fail(`is too long. The maximum length is ${limit('MaxLength')}.`)
}
