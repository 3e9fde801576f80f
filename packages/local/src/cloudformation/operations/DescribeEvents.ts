import {
  optionalFlag,
  optionalText,
  type QueryInput,
} from '../../protocol/awsQuery.js'
import type { XmlValue } from '../../protocol/Xml.js'
import type { StackState } from '../../template/StackState.js'
import type {
  CloudFormationContext,
  Operation,
} from '../CloudFormationContext.js'
import { validation } from '../errors.js'
import { findChangeSet } from '../findChangeSet.js'
import { findStack } from '../findStack.js'
import { paginate } from '../paginate.js'
import { toEvent } from '../toWire.js'

/**
 * The events of an operation; for a failed change set, the reasons for the
 * failure.
 */
export const DescribeEvents: Operation = (context, input, { principal }) => {
  const { Filters } = input
  const filters = typeof Filters === 'object' ? Filters : {}
  const isFailed = optionalFlag(filters, 'FailedEvents') === true
  const all: { [name: string]: XmlValue }[] =
    optionalText(input, 'ChangeSetName') === undefined
      ? ofStack(context, input, find())
      : ofChangeSet()
  const wanted = all.filter(
    ({ ResourceStatus, EventType }) =>
      !isFailed ||
      EventType === 'VALIDATION_ERROR' ||
      String(ResourceStatus).endsWith('_FAILED'),
  )
  const { page, NextToken } = paginate(input, wanted)
  return { OperationEvents: page, NextToken }

  function find(): StackState {
    const name = optionalText(input, 'StackName')
    if (name === undefined)
      throw validation(
        'Specify one of StackName, ChangeSetName and OperationId.',
      )
    return findStack(context, principal, 'DescribeEvents', name)
  }

  function ofChangeSet() {
    const { changeSet, state } = findChangeSet(
      context,
      principal,
      'DescribeEvents',
      input,
    )
    return (changeSet.problems ?? []).map((problem, i) => ({
      EventId: `${changeSet.id}-${i}`,
      StackId: state.id,
      OperationId: changeSet.id,
      OperationType: 'CREATE_CHANGESET',
      EventType: 'VALIDATION_ERROR',
      LogicalResourceId: /^([A-Za-z0-9]+) \(AWS::/.exec(problem)?.[1],
      Timestamp: new Date(changeSet.createdAt),
      ValidationFailureMode: 'FAIL',
      ValidationName: 'STACK_VALIDATION',
      ValidationStatus: 'FAILED',
      ValidationStatusReason: problem,
    }))
  }
}

function ofStack(
  { store }: CloudFormationContext,
  input: QueryInput,
  state: StackState,
) {
  const operationId = optionalText(input, 'OperationId')
  return [...store.events.list(state.id)]
    .reverse()
    .filter(
      (event) => operationId === undefined || event.operationId === operationId,
    )
    .map((event) => ({ ...toEvent(state, event), EventType: 'STACK_EVENT' }))
}
