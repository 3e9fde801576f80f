import type { Json } from './Json.js'

/** The account and Region of tables. */
export type Place = { accountId: string; region: string }

export function toArn(place: Place, name: string): string {
  return name.startsWith('arn:')
    ? name
    : `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${name}`
}

/** The table's name, from the ARN of a local table or of its index. */
export function nameOf(arn: string, place: Place): string | undefined {
  const prefix = toArn(place, '')
  if (!arn.startsWith(prefix)) return undefined
  return /^([^/]+)(?:\/index\/[^/]+)?$/.exec(arn.slice(prefix.length))?.[1]
}

/**
 * Replaces table ARNs in the input with names. AWS accepts both; dynalite
 * accepts only names.
 */
export function byName(input: Json, place: Place): Json {
  const prefix = toArn(place, '')
  const strip = (name: string) =>
    name.startsWith(prefix) ? name.slice(prefix.length) : name
  const { TableName, RequestItems } = input
  return {
    ...input,
    ...(typeof TableName === 'string' && { TableName: strip(TableName) }),
    ...(isObject(RequestItems) && {
      RequestItems: Object.fromEntries(
        Object.entries(RequestItems).map(([name, of]) => [strip(name), of]),
      ),
    }),
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
