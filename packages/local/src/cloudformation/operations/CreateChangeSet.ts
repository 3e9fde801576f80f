import type { Principal } from '@keyward/iam/policy'
import {
  optionalText,
  type QueryInput,
  requiredText,
} from '../../protocol/awsQuery.js'
import { AwsError } from '../../protocol/Service.js'
import { createStackRun } from '../../template/StackRun.js'
import {
  newStack,
  newStackId,
  type StackSource,
  type StackState,
} from '../../template/StackState.js'
import { assertStackName, assertUpdatable } from '../assertStack.js'
import { refuseBootstrapStack } from '../bootstrapStack.js'
import { type ChangeSet, newChangeSetId } from '../ChangeSet.js'
import type {
  CloudFormationContext,
  Operation,
} from '../CloudFormationContext.js'
import { noStack, validation } from '../errors.js'
import { authorizeStack, lookUpStack } from '../findStack.js'
import { planStack, StackRefusal } from '../planStack.js'
import { readSource } from '../readSource.js'

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set."

export const CreateChangeSet: Operation = (context, input, { principal }) => {
  const stackName = requiredText(input, 'StackName')
  const changeSetName = requiredText(input, 'ChangeSetName')
  const type = optionalText(input, 'ChangeSetType') ?? 'UPDATE'
  const roleArn = optionalText(input, 'RoleARN')
  const templateUrl = optionalText(input, 'TemplateURL')
  authorizeStack(context, principal, 'CreateChangeSet', stackName, {
    'cloudformation:ChangeSetName': changeSetName,
    ...(roleArn !== undefined && { 'cloudformation:RoleArn': roleArn }),
    ...(templateUrl !== undefined && {
      'cloudformation:TemplateUrl': templateUrl,
    }),
  })
  refuseBootstrapStack(context, stackName)
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(changeSetName))
    throw validation(
      `1 validation error detected: Value '${changeSetName.slice(0, 80)}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    )
  if (type !== 'CREATE' && type !== 'UPDATE')
    throw validation(
      `The local home supports only change sets of type CREATE and UPDATE, not ${JSON.stringify(type.slice(0, 80))}.`,
    )
  if ((optionalText(input, 'DeploymentMode') ?? 'STANDARD') !== 'STANDARD')
    throw validation("The local home doesn't detect drift.")
  const found = lookUpStack(context, stackName)
  const stack = assertType(found, stackName, changeSetName, type)
  const { source, template } = readSource(
    context,
    principal,
    input,
    stack?.source,
  )
  const before = existing(context, input, stack, source)
  if (before) return { Id: before.id, StackId: before.stackId }
  const id = stack?.id ?? newStackId(stackName, context)
  const name = stack?.name ?? stackName
  const planned = plan(context, { stack, name, id, source, template })
  const state = stack ?? review(context, principal, name, id)
  const changeSetId = newChangeSetId(changeSetName, context)
  const clientToken = optionalText(input, 'ClientToken')
  const description = optionalText(input, 'Description')
  context.changeSets.save({
    id: changeSetId,
    name: changeSetName,
    stackId: state.id,
    type,
    createdAt: context.now(),
    ...(description !== undefined && { description }),
    ...(clientToken !== undefined && { clientToken }),
    source: { ...source, changeSetId },
    ...planned,
  })
  return { Id: changeSetId, StackId: state.id }
}

/** @throws AwsError ValidationError */
function assertType(
  found: StackState | undefined,
  stackName: string,
  name: string,
  type: 'CREATE' | 'UPDATE',
): StackState | undefined {
  assertStackName(found?.name ?? stackName)
  if (type === 'UPDATE') {
    if (!found) throw noStack(stackName)
    assertUpdatable(found)
    return found
  }
  if (found && found.status !== 'REVIEW_IN_PROGRESS')
    throw validation(
      `Stack [${stackName}] already exists and cannot be created again with the changeSet [${name}].`,
    )
  return found
}

/** A repeated request gets the same answer. */
function existing(
  { changeSets }: CloudFormationContext,
  input: QueryInput,
  stack: StackState | undefined,
  source: StackSource,
): ChangeSet | undefined {
  const name = requiredText(input, 'ChangeSetName')
  const found =
    stack && changeSets.list(stack.id).find((each) => each.name === name)
  if (!found) return undefined
  const token = optionalText(input, 'ClientToken')
  const isSame =
    found.clientToken === token &&
    found.source.templateText === source.templateText
  if (isSame) return found
  throw new AwsError(
    'AlreadyExistsException',
    `ChangeSet ${name} cannot be created due to a mismatch with existing attribute ${found.clientToken === token ? 'Template' : 'ClientToken'}`,
  )
}

type Planned = Pick<
  ChangeSet,
  | 'status'
  | 'statusReason'
  | 'problems'
  | 'executionStatus'
  | 'changes'
  | 'physicalIds'
  | 'policies'
>

/** @throws AwsError ValidationError for a template that can't be read. */
function plan(
  context: CloudFormationContext,
  wanted: Parameters<typeof planStack>[1],
): Planned {
  const failed = (statusReason: string): Planned => ({
    status: 'FAILED',
    statusReason,
    executionStatus: 'UNAVAILABLE',
    changes: [],
    physicalIds: {},
    policies: {},
  })
  try {
    const { changes, hasChanges, steps } = planStack(context, wanted)
    if (!hasChanges) return failed(noChanges)
    const real = changes.filter(({ action }) => action !== 'keep')
    const gone = real.flatMap(({ logicalId, before }) =>
      before ? [{ logicalId, before }] : [],
    )
    return {
      status: 'CREATE_COMPLETE',
      executionStatus: 'AVAILABLE',
      changes: real.map(({ before: _, ...each }) => each),
      physicalIds: Object.fromEntries(
        gone.map(({ logicalId, before }) => [logicalId, before.physicalId]),
      ),
      policies: Object.fromEntries([
        ...gone.map(({ logicalId, before }) => [
          logicalId,
          { deletion: before.deletionPolicy, replacement: 'Delete' },
        ]),
        ...steps.map(({ logicalId, template }) => [
          logicalId,
          {
            deletion: template.deletionPolicy,
            replacement: template.updateReplacePolicy,
          },
        ]),
      ]),
    }
  } catch (error) {
    if (error instanceof StackRefusal)
      return { ...failed(error.message), problems: error.problems }
    throw error
  }
}

/** Creates an entry for the stack, so that it can have a change set. */
function review(
  context: CloudFormationContext,
  principal: Principal,
  name: string,
  id: string,
): StackState {
  const run = createStackRun({
    store: context.store,
    home: context.homeOf(principal),
    state: newStack({ name, id, createdAt: context.now() }),
  })
  run.enter('REVIEW_IN_PROGRESS', 'User Initiated')
  return run.state()
}
