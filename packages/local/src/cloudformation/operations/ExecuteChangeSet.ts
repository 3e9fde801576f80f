import { optionalFlag, optionalText } from '../../protocol/awsQuery.js'
import { AwsError } from '../../protocol/Service.js'
import { assertUpdatable } from '../assertStack.js'
import type { Operation } from '../CloudFormationContext.js'
import { execute } from '../execute.js'
import { findChangeSet } from '../findChangeSet.js'

export const ExecuteChangeSet: Operation = async (
  context,
  input,
  { principal },
) => {
  const { changeSet, state } = findChangeSet(
    context,
    principal,
    'ExecuteChangeSet',
    input,
  )
  const { changeSets } = context
  if (changeSet.status !== 'CREATE_COMPLETE')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
    )
  if (changeSet.executionStatus !== 'AVAILABLE')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be executed in its current execution status of [${changeSet.executionStatus}]`,
    )
  if (state.status !== 'REVIEW_IN_PROGRESS') assertUpdatable(state)
  // The other change sets were planned for the stack's earlier state.
  for (const other of changeSets.list(state.id))
    if (other.id !== changeSet.id) changeSets.remove(other)
  changeSets.save({ ...changeSet, executionStatus: 'EXECUTE_IN_PROGRESS' })
  const isKept = optionalFlag(input, 'DisableRollback') === true
  const work = execute(
    context,
    state,
    { ...changeSet.source, ...(isKept && { disableRollback: true }) },
    {
      requestToken: optionalText(input, 'ClientRequestToken'),
      onFailure: isKept ? 'keep' : 'roll back',
    },
  ).then((isDone) =>
    changeSets.save({
      ...changeSet,
      executionStatus: isDone ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED',
    }),
  )
  await context.runInBackground(work)
  return {}
}
