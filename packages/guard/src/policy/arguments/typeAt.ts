import type { Field, Type } from '../../abi/Type.js'

/** The type of the argument at a path; undefined if there is none. */
export function typeAt(
  fields: readonly Field[],
  [name, ...rest]: readonly string[],
): Type | undefined {
  const type = fields.find((field) => field.name === name)?.type
  if (type === undefined || rest.length === 0) return type
  return type.kind === 'tuple' ? typeAt(type.fields, rest) : undefined
}
