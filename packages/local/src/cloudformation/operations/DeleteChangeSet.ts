import { AwsError } from '../../protocol/Service.js'
import type { Operation } from '../CloudFormationContext.js'
import { findChangeSet } from '../findChangeSet.js'

/** If the stack exists, succeeds even for a missing change set. */
export const DeleteChangeSet: Operation = (context, input, { principal }) => {
  try {
    const { changeSet } = findChangeSet(
      context,
      principal,
      'DeleteChangeSet',
      input,
    )
    if (changeSet.executionStatus === 'EXECUTE_IN_PROGRESS')
      throw new AwsError(
        'InvalidChangeSetStatus',
        'An operation on this ChangeSet is currently in progress.',
      )
    context.changeSets.remove(changeSet)
  } catch (error) {
    if (!(error instanceof AwsError) || error.type !== 'ChangeSetNotFound')
      throw error
  }
  return {}
}
