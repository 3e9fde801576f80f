import type { Members } from './actions.js'
import type { TableSettings } from './createTableSettings.js'
import type { DynamoContext } from './DynamoContext.js'
import { policyNotFound, tableNotFound } from './errors.js'
import { nameOf } from './Table.js'

export const resourceArn: Members[string] = {
  type: 'String',
  notNull: true,
  lengthGreaterThanOrEqual: 1,
  lengthLessThanOrEqual: 1283,
}

/** @throws AwsError ResourceNotFoundException if the table doesn't exist. */
export function findPolicy(
  context: DynamoContext,
  arn: string,
): { name: string; policy: TableSettings['policy'] } {
  const name = nameOf(arn, context) ?? ''
  if (!context.settings.has(name)) throw tableNotFound(name)
  return { name, policy: context.settings.get(name).policy }
}

/**
 * @throws AwsError PolicyNotFoundException if the table has another revision.
 */
export function assertRevision(
  tableName: string,
  policy: TableSettings['policy'],
  expected: unknown,
): void {
  if (expected === undefined || expected === policy?.revisionId) return
  if (expected === 'NO_POLICY') {
    if (policy)
      throw policyNotFound(
        `Requested policy update expecting none to be present for table ${tableName}, but a policy exists with revision id ${policy.revisionId}.`,
      )
    return
  }
  throw policyNotFound(
    policy
      ? `Requested update for policy with revision id ${expected}, but the policy associated to target table ${tableName} has revision id ${policy.revisionId}.`
      : `Requested update for policy with revision id ${expected}, but no policy is associated to target table ${tableName}.`,
  )
}
