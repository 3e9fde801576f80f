import type { DynamoContext } from './DynamoContext.js'

/** The time of a change in ms, as AWS's are; a later one is greater. */
export function newRevision(
  { now }: Pick<DynamoContext, 'now'>,
  before: string | undefined,
): string {
  return String(Math.max(now(), Number(before ?? 0) + 1))
}
