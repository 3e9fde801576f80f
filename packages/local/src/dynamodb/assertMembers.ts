import type { Members } from './actions.js'
import { invalid } from './errors.js'
import type { Json } from './Json.js'
import { isObject } from './Table.js'

/** Values that mean "nothing of this kind". */
const harmless: Readonly<Record<string, (value: unknown) => boolean>> = {
  ReturnValuesOnConditionCheckFailure: (value) => value === 'NONE',
  SSESpecification: (value) => isObject(value) && value.Enabled === false,
  StreamSpecification: (value) =>
    isObject(value) && value.StreamEnabled === false,
  TableClass: (value) => value === 'STANDARD',
  Tags: (value) => Array.isArray(value) && value.length === 0,
}

/**
 * Refuses unknown members. dynalite drops them, so the home would accept
 * requests that it doesn't fully carry out.
 *
 * @throws AwsError ValidationException
 */
export function assertMembers(
  operation: string,
  input: Json,
  members: Members,
): void {
  const other = findOther(input, members, '')
  if (other !== undefined)
    throw invalid(
      `The local home doesn't know the member ${other.slice(0, 120)} of ${operation}. Leave it out.`,
    )
}

function findOther(
  input: Json,
  members: Members,
  path: string,
): string | undefined {
  for (const [name, value] of Object.entries(input)) {
    if (value === null || value === undefined) continue
    const member = Object.hasOwn(members, name) ? members[name] : undefined
    if (member === undefined) {
      if (harmless[name]?.(value)) continue
      return `${path}${name}`
    }
    const other = findInside(value, member, `${path}${name}`)
    if (other !== undefined) return other
  }
  return undefined
}

/** The attributes of items can have any name. */
function findInside(
  value: unknown,
  member: Members[string],
  path: string,
): string | undefined {
  if (typeof member === 'string') return undefined
  const { type, children } = member
  if (typeof children !== 'object' || typeof value !== 'object' || !value)
    return undefined
  if (/^(?:Value|Field)Struct</.test(type))
    return isObject(value)
      ? findOther(value, children as Members, `${path}.`)
      : undefined
  for (const each of Object.values(value)) {
    const other = findInside(each, children as Members[string], path)
    if (other !== undefined) return other
  }
  return undefined
}
