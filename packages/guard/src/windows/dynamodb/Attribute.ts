import { GuardItemError } from '../errors.js'
import type { Value, Values } from '../Store.js'

/** A value in DynamoDB's JSON form. */
export type Attribute =
  | { S: string }
  | { N: string }
  | { M: Record<string, Attribute> }

export function toAttribute(value: Value): Attribute {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'bigint') return { N: String(value) }
  return { M: toAttributes(value) }
}

export function toAttributes(values: Values): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, toAttribute(value)]),
  )
}

/** @throws GuardItemError if this code did not write it */
export function toValues(
  attributes: Record<string, unknown>,
  place: string,
): Values {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      toValue(attribute as Partial<Record<'S' | 'N' | 'M', unknown>>, place),
    ]),
  )
}

function toValue(
  attribute: Partial<Record<'S' | 'N' | 'M', unknown>>,
  place: string,
): Value {
  const { S, N, M } = attribute
  if (typeof S === 'string') return S
  if (typeof N === 'string' && /^(?:-?[1-9][0-9]{0,37}|0)$/.test(N))
    return BigInt(N)
  if (typeof M === 'object' && M !== null)
    return toValues(M as Record<string, unknown>, place)
  throw new GuardItemError(
    place,
    'it has values other than strings and whole numbers',
  )
}
