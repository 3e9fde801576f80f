import {
  optionalFlag,
  optionalText,
  requiredText,
} from '../../protocol/awsQuery.js'
import { AwsError } from '../../protocol/Service.js'
import { createStackRun } from '../../template/StackRun.js'
import { newStack, newStackId } from '../../template/StackState.js'
import { assertStackName } from '../assertStack.js'
import { refuseBootstrapStack } from '../bootstrapStack.js'
import type { Operation } from '../CloudFormationContext.js'
import { execute } from '../execute.js'
import { authorizeStack, lookUpStack } from '../findStack.js'
import { planStack } from '../planStack.js'
import { readSource } from '../readSource.js'

export const CreateStack: Operation = async (context, input, { principal }) => {
  const name = requiredText(input, 'StackName')
  authorizeStack(context, principal, 'CreateStack', name)
  refuseBootstrapStack(context, name)
  assertStackName(name)
  const found = lookUpStack(context, name)
  if (found && found.status !== 'REVIEW_IN_PROGRESS')
    throw new AwsError(
      'AlreadyExistsException',
      `Stack [${name}] already exists`,
    )
  const { source, template } = readSource(context, principal, input, undefined)
  const id = found?.id ?? newStackId(name, context)
  planStack(context, { stack: found, name, id, source, template })
  const isProtected = optionalFlag(input, 'EnableTerminationProtection')
  const run = createStackRun({
    store: context.store,
    home: context.homeOf(principal),
    state: {
      ...newStack({ name, id, createdAt: context.now() }),
      ...(isProtected === true && { terminationProtection: true }),
    },
  })
  run.save({})
  const isKept =
    source.disableRollback === true ||
    optionalText(input, 'OnFailure') === 'DO_NOTHING'
  await context.runInBackground(
    execute(context, run.state(), source, {
      requestToken: optionalText(input, 'ClientRequestToken'),
      onFailure: isKept ? 'keep' : 'roll back',
    }),
  )
  return { StackId: id }
}
