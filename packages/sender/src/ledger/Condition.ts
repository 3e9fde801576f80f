import type { Item, Value } from './Item.js'

/** What must hold for a write to be done, as data: a store says it its way. */
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

/** The attribute has this value, or is absent where there is none. */
export const same = (name: string, value: Value | undefined): Condition =>
  value === undefined ? absent(name) : equal(name, value)

/**
 * Whether an item fulfils a condition, as DynamoDB sees it: a comparison with
 * an attribute that is missing, or of another type, is false.
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

/** Undefined where the two cannot be compared. */
function compare(a: Value | undefined, b: Value): number | undefined {
  if (a === undefined) return undefined
  if ('N' in a && 'N' in b) {
    const [left, right] = [BigInt(a.N), BigInt(b.N)]
    return left < right ? -1 : left > right ? 1 : 0
  }
  if ('S' in a && 'S' in b) return a.S < b.S ? -1 : a.S > b.S ? 1 : 0
  return JSON.stringify(a) === JSON.stringify(b) ? 0 : undefined
}
