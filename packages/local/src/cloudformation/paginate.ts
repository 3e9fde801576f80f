import { optionalText, type QueryInput } from '../protocol/awsQuery.js'
import { validation } from './errors.js'

/** Returns one page. `NextToken` is a position. */
export function paginate<item>(
  input: QueryInput,
  items: readonly item[],
  size = 100,
): { page: item[]; NextToken: string | undefined } {
  const token = optionalText(input, 'NextToken')
  if (token !== undefined && !/^\d{1,9}$/.test(token))
    throw validation('The specified token is invalid.')
  const start = Number(token ?? 0)
  const end = start + size
  return {
    page: items.slice(start, end),
    NextToken: end < items.length ? String(end) : undefined,
  }
}
