import type { Json } from './Json.js'

/** Where tables are. */
export type Place = { accountId: string; region: string }

export function toArn(place: Place, name: string): string {
  return name.startsWith('arn:')
    ? name
    : `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${name}`
}

/** The table's name, of the ARN of one here or of its index. */
export function nameOf(arn: string, place: Place): string | undefined {
  const prefix = toArn(place, '')
  if (!arn.startsWith(prefix)) return undefined
  return /^([^/]+)(?:\/index\/[^/]+)?$/.exec(arn.slice(prefix.length))?.[1]
}

/**
 * The input with tables by name: AWS also takes a table's ARN in their place,
 * which dynalite does not.
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
