import type { Principal } from '@keyward/iam/policy'
import { optionalText, type QueryInput } from '../protocol/awsQuery.js'
import { createStackRun, type StackRun } from '../template/StackRun.js'
import type { StackState } from '../template/StackState.js'
import type { CloudFormationContext } from './CloudFormationContext.js'
import { readDeployer } from './readSource.js'

/** Rolls a stack back, with the role from the request or else the last one. */
export async function runRollback(
  context: CloudFormationContext,
  input: QueryInput,
  request: { principal: Principal; state: StackState },
  rollBack: (run: StackRun) => Promise<unknown>,
): Promise<void> {
  const { principal, state } = request
  const roleArn = optionalText(input, 'RoleARN')
  const { deployer } = readDeployer(context, principal, roleArn, state.source)
  const run = createStackRun({
    store: context.store,
    home: context.homeOf(deployer),
    state,
    onEvent: context.onEvent,
    requestToken: optionalText(input, 'ClientRequestToken'),
  })
  await context.runInBackground(
    rollBack(run).finally(() => context.onChanged()),
  )
}
