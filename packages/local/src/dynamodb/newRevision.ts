import type { DynamoContext } from './DynamoContext.js'

/**
 * A revision id like AWS's: the time of a change in ms. Later ids are greater.
 */
export function newRevision(
  { now }: Pick<DynamoContext, 'now'>,
  before: string | undefined,
): string {
  return String(Math.max(now(), Number(before ?? 0) + 1))
}
