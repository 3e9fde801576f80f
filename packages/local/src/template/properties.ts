import { isObject, type Json, type JsonObject } from './Json.js'
import { quote } from './StackError.js'
import { locate, TemplateError } from './TemplateError.js'

/** Reads a property. @throws TemplateError */
export type Reader<T> = (value: Json) => T

type Spec = Readonly<Record<string, Reader<unknown>>>

export type Read<S extends Spec> = { [K in keyof S]?: ReturnType<S[K]> }

/**
 * Reads the properties that the local home supports. Refuses any other
 * property, because it might grant, deny or trigger something.
 *
 * @throws TemplateError
 */
export function readProperties<
  S extends Spec,
  R extends keyof S & string = never,
>(
  properties: JsonObject,
  spec: S,
  required: readonly R[] = [],
): Read<S> & { [K in R]-?: ReturnType<S[K]> } {
  const result: Record<string, unknown> = {}
  for (const name of required)
    if (!Object.hasOwn(properties, name))
      throw new TemplateError(`${name} is missing.`)
  for (const [name, value] of Object.entries(properties)) {
    const reader = Object.hasOwn(spec, name) ? spec[name] : undefined
    if (!reader)
      throw new TemplateError(
        `The local home doesn't support the property ${name}.`,
      )
    try {
      result[name] = reader(value)
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      throw new TemplateError(locate(name, error.message))
    }
  }
  return result as ReturnType<typeof readProperties<S, R>>
}

/** CloudFormation also accepts a number or a boolean as text. */
export const text: Reader<string> = (value) => {
  if (typeof value === 'object') throw new TemplateError('It must be text.')
  return String(value)
}

export const boolean: Reader<boolean> = (value) => {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new TemplateError(`It must be true or false, not ${quote(value)}.`)
}

export const integer: Reader<number> = (value) => {
  const number =
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number
  throw new TemplateError(`It must be a whole number, not ${quote(value)}.`)
}

export const object: Reader<JsonObject> = (value) => {
  if (isObject(value)) return value
  throw new TemplateError('It must be an object.')
}

export const list =
  <T>(reader: Reader<T>): Reader<T[]> =>
  (value) => {
    if (!Array.isArray(value)) throw new TemplateError('It must be a list.')
    return value.map((item) => readItem(reader, item))
  }

function readItem<T>(reader: Reader<T>, item: Json): T {
  try {
    return reader(item)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    // Sentences about a member already name it.
    throw error.message.startsWith('It ')
      ? new TemplateError(locate('Each item', error.message))
      : error
  }
}

/** Reads an object that may have only these members. */
export const members =
  <S extends Spec>(spec: S): Reader<Read<S>> =>
  (value) =>
    readProperties(object(value), spec)

export const oneOf =
  <const T extends string>(...values: T[]): Reader<T> =>
  (value) => {
    const found = values.find((each) => each === value)
    if (found !== undefined) return found
    throw new TemplateError(
      `It must be ${alternatives(values)} in the local home, not ${quote(value)}.`,
    )
  }

/** `a, b or c`. */
function alternatives(values: readonly string[]): string {
  return values.length < 2
    ? values.join()
    : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

/**
 * Accepts only the value that has no effect, for features that a local home
 * doesn't have.
 */
export const only =
  (allowed: Json): Reader<undefined> =>
  (value) => {
    if (String(value) === String(allowed)) return undefined
    throw new TemplateError(
      `It must be ${quote(allowed)} in the local home, not ${quote(value)}.`,
    )
  }

/**
 * Reads a property that has no meaning in a local home: it doesn't grant, deny
 * or trigger anything.
 */
export const ignored: Reader<undefined> = () => undefined

export const tags: Reader<Record<string, string>> = (value) => {
  const pair = members({ Key: text, Value: text })
  const pairs = list(pair)(value).map(
    ({ Key = '', Value = '' }) => [Key, Value] as const,
  )
  const names = pairs.map(([name]) => name)
  if (new Set(names).size !== names.length)
    throw new TemplateError('Two tags have the same name.')
  if (pairs.length > 50)
    throw new TemplateError(
      `There are ${pairs.length} tags, but AWS allows at most 50.`,
    )
  // These are the rules of IAM and CloudWatch Logs. Other services don't accept
  // more.
  for (const [name, text] of pairs)
    if (
      !/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(name) ||
      !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(text)
    )
      throw new TemplateError(
        `The tag ${quote(name)} with the value ${quote(text)} is too long, or has characters that AWS refuses.`,
      )
  return Object.fromEntries(pairs)
}
