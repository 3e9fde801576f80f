import type { Item, Value } from './Item.js'

/** The condition of a write, as data; each store translates it. */
export type Condition =
  | { is: 'there'; name: string }
  | { is: 'absent'; name: string }
  | { is: 'equal'; name: string; value: Value }
  | { is: 'below'; name: string; value: Value }
  | { is: 'above'; name: string; value: Value }
  | { is: 'one of'; name: string; values: readonly Value[] }
  | { is: 'all'; of: readonly Condition[] }
  | { is: 'any'; of: readonly Condition[] }

export const there = (name: string): Condition => ({ is: 'there', name })

export const absent = (name: string): Condition => ({ is: 'absent', name })

export const equal = (name: string, value: Value): Condition => ({
  is: 'equal',
  name,
  value,
})

export const below = (name: string, value: Value): Condition => ({
  is: 'below',
  name,
  value,
})

export const above = (name: string, value: Value): Condition => ({
  is: 'above',
  name,
  value,
})

export const oneOf = (name: string, values: readonly Value[]): Condition => ({
  is: 'one of',
  name,
  values,
})

export const all = (...of: Condition[]): Condition => ({ is: 'all', of })

export const any = (...of: Condition[]): Condition => ({ is: 'any', of })

/** The attribute has this value, or is absent if the value is undefined. */
export const same = (name: string, value: Value | undefined): Condition =>
  value === undefined ? absent(name) : equal(name, value)

/**
 * Whether an item meets a condition, with DynamoDB's rules: a comparison with a
 * missing attribute or one of another type is false.
 */
export function isMet(condition: Condition, item: Item | undefined): boolean {
  if (condition.is === 'all')
    return condition.of.every((one) => isMet(one, item))
  if (condition.is === 'any')
    return condition.of.some((one) => isMet(one, item))
  const found = item?.[condition.name]
  switch (condition.is) {
    case 'there':
      return found !== undefined
    case 'absent':
      return found === undefined
    case 'one of':
      return condition.values.some((value) => compare(found, value) === 0)
    case 'equal':
      return compare(found, condition.value) === 0
    case 'below':
      return (compare(found, condition.value) ?? 0) < 0
    case 'above':
      return (compare(found, condition.value) ?? 0) > 0
  }
}

/** Undefined if the two can't be compared. */
function compare(a: Value | undefined, b: Value): number | undefined {
  if (a === undefined) return undefined
  if ('N' in a && 'N' in b) {
    const [left, right] = [toExact(a.N), toExact(b.N)]
    return left < right ? -1 : left > right ? 1 : 0
  }
  if ('S' in a && 'S' in b)
    return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S))
  return isSame(a, b) ? 0 : undefined
}

/**
 * Whether two values are equal. They may be of any type, because another
 * program may have written them.
 */
function isSame(a: Value, b: Value): boolean {
  if ('NS' in a && 'NS' in b)
    return a.NS.length === b.NS.length && a.NS.every((n) => b.NS.includes(n))
  return JSON.stringify(a) === JSON.stringify(b)
}

/** No number has more decimal places. */
const places = 130

/**
 * Scales a number of up to 38 digits, more than fit in a double, to an integer.
 */
function toExact(text: string): bigint {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? []
  const shift = places - fraction.length + Number(exponent)
  const size = BigInt(whole + fraction) * 10n ** BigInt(shift)
  return sign === '-' ? -size : size
}
