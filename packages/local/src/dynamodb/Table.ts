import type { Json } from './createEngine.js'

/** Where tables are. */
export type Place = { accountId: string; region: string }

function toArn(place: Place, name: string): string {
  return `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${name}`
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

/** ARNs of what an operation acts on, as its IAM policies name them. */
export function resourcesOf(input: Json, place: Place): string[] {
  const { TableName, IndexName, RequestItems, ResourceArn } = input
  if (typeof ResourceArn === 'string') return [ResourceArn]
  if (isObject(RequestItems)) {
    const names = Object.keys(RequestItems)
    if (names.length > 0) return names.map((name) => toArn(place, name))
  }
  if (typeof TableName !== 'string') return ['*']
  const arn = toArn(place, TableName)
  return [typeof IndexName === 'string' ? `${arn}/index/${IndexName}` : arn]
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
