/** A schema of JSON Schema 2020-12, as far as ours uses it. */
export type Schema = boolean | Readonly<Record<string, unknown>>

const annotations = ['$schema', '$defs', 'title', 'description', 'else', 'then']

/**
 * Whether a value fits a schema. Without a dependency for one file; a keyword
 * that is not known here throws.
 */
export function fits(value: unknown, schema: Schema, root = schema): boolean {
  if (typeof schema === 'boolean') return schema
  return Object.entries(schema).every(([keyword, given]) => {
    if (annotations.includes(keyword)) return true
    const check = keywords[keyword]
    if (check === undefined) throw new Error(`no keyword ${keyword}`)
    return check(value, given as never, schema, root)
  })
}

type Check = (
  value: unknown,
  given: never,
  schema: Readonly<Record<string, unknown>>,
  root: Schema,
) => boolean

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typeOf = (value: unknown) =>
  value === null
    ? ['null']
    : Array.isArray(value)
      ? ['array']
      : [typeof value, ...(Number.isInteger(value) ? ['integer'] : [])]

const keywords: Readonly<Record<string, Check>> = {
  type: (value, given: string | readonly string[]) =>
    typeOf(value).some((one) => [given].flat().includes(one)),
  const: (value, given) => value === given,
  enum: (value, given: readonly unknown[]) => given.includes(value),
  $ref(value, given: string, _, root) {
    const name = given.replace('#/$defs/', '')
    const { $defs } = root as { $defs: Record<string, Schema> }
    const found = $defs[name]
    if (found === undefined) throw new Error(`no ${given}`)
    return fits(value, found, root)
  },
  pattern: (value, given: string) =>
    typeof value !== 'string' || new RegExp(given, 'u').test(value),
  minLength: (value, given) =>
    typeof value !== 'string' || value.length >= given,
  maxLength: (value, given) =>
    typeof value !== 'string' || value.length <= given,
  minimum: (value, given) => typeof value !== 'number' || value >= given,
  maximum: (value, given) => typeof value !== 'number' || value <= given,
  minItems: (value, given) => !Array.isArray(value) || value.length >= given,
  maxItems: (value, given) => !Array.isArray(value) || value.length <= given,
  minProperties: (value, given) =>
    !isObject(value) || Object.keys(value).length >= given,
  required: (value, given: readonly string[]) =>
    !isObject(value) || given.every((name) => Object.hasOwn(value, name)),
  items: (value, given: Schema, _, root) =>
    !Array.isArray(value) || value.every((one) => fits(one, given, root)),
  properties: (value, given: Readonly<Record<string, Schema>>, _, root) =>
    !isObject(value) ||
    Object.entries(given).every(
      ([name, one]) =>
        !Object.hasOwn(value, name) || fits(value[name], one, root),
    ),
  additionalProperties: (value, given: Schema, { properties = {} }, root) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, one]) =>
        Object.hasOwn(properties as object, name) || fits(one, given, root),
    ),
  propertyNames: (value, given: Schema, _, root) =>
    !isObject(value) ||
    Object.keys(value).every((name) => fits(name, given, root)),
  not: (value, given: Schema, _, root) => !fits(value, given, root),
  allOf: (value, given: readonly Schema[], _, root) =>
    given.every((one) => fits(value, one, root)),
  anyOf: (value, given: readonly Schema[], _, root) =>
    given.some((one) => fits(value, one, root)),
  oneOf: (value, given: readonly Schema[], _, root) =>
    given.filter((one) => fits(value, one, root)).length === 1,
  if: (value, given: Schema, { then: yes = true, else: no = true }, root) =>
    fits(value, (fits(value, given, root) ? yes : no) as Schema, root),
}
