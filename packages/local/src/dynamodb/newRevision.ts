import type { DynamoContext } from './DynamoContext.js'

/** The time of a change in ms, like AWS's. Later ones are greater. */
export function newRevision(
  { now }: Pick<DynamoContext, 'now'>,
  before: string | undefined,
): string {
  return String(Math.max(now(), Number(before ?? 0) + 1))
}
