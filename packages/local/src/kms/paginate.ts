import { AwsError } from '../protocol/Service.js'

type Page<T> = { items: T[]; Truncated: boolean; NextMarker?: string }

/**
 * Returns one page of items in the order of their names. A marker contains the
 * last name of the previous page, so it still works after items have been added
 * or removed.
 *
 * @throws AwsError InvalidMarkerException for a marker of another list.
 */
export const paginate = <T>(options: {
  list: string
  items: T[]
  nameOf: (item: T) => string
  limit: number
  marker: string | undefined
}): Page<T> => {
  const { list, items, nameOf, limit, marker } = options
  const after = marker === undefined ? undefined : read(marker, list)
  const start =
    after === undefined ? 0 : items.findIndex((item) => nameOf(item) > after)
  const rest = start < 0 ? [] : items.slice(start)
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  return last !== undefined && rest.length > limit
    ? { items: page, Truncated: true, NextMarker: write(list, nameOf(last)) }
    : { items: page, Truncated: false }
}

const write = (list: string, name: string): string =>
  Buffer.from(JSON.stringify([list, name])).toString('base64url')

const read = (marker: string, list: string): string => {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(marker, 'base64url').toString(),
    )
    if (Array.isArray(value) && value[0] === list) {
      const name: unknown = value[1]
      if (typeof name === 'string' && write(list, name) === marker) return name
    }
  } catch {
    // This server did not issue the marker.
  }
  throw new AwsError('InvalidMarkerException', 'The marker is not valid.')
}
