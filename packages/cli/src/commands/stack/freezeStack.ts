import type { LambdaClient } from '@aws-sdk/client-lambda'
import { note } from '@keyward/toolkit'
import {
  AwsCallError,
  type AwsConnection,
  connectAws,
  isMissing,
  peek,
  seen,
} from '@keyward/toolkit/aws'
import {
  findParts,
  type Parts,
  StackName,
  Step,
  switchKey,
  untilKeyState,
  whoSwitchesFunctions,
} from '@keyward/toolkit/stack'
import type { Result } from '../../output/Result.js'
import { stepsResult } from '../../output/stepsResult.js'
import type { Terminal } from '../../terminal/Terminal.js'

/**
 * The emergency stop: no function runs any more, and KMS signs for nobody.
 * Nothing is asked, since `keyward unfreeze` takes it back. Every part is tried,
 * whatever becomes of the others.
 */
export async function freezeStack(
  terminal: Terminal,
  options: { stack?: string },
): Promise<Result> {
  if (options.stack !== undefined) StackName.assert(options.stack)
  const connection = await connectAws(terminal)
  try {
    const name = options.stack ?? StackName.standard(connection.target.kind)
    const { LambdaClient } = await import('@aws-sdk/client-lambda')
    const lambda = connection.open(LambdaClient)
    const parts = await findParts(connection, name)
    if (parts.stack === undefined)
      note(
        terminal,
        `CloudFormation may not be looked into: taking the functions and the key by the names of the stack ${name}.`,
      )
    const steps = await Promise.all([
      disableKey(connection, lambda, parts),
      ...parts.functions.map((each) => stopFunction(lambda, each.name)),
    ])
    return stepsResult(terminal, name, steps, {
      done: `${name} is frozen. To take it back: keyward unfreeze${options.stack === undefined ? '' : ` --stack ${name}`}`,
      partial: `${name} is NOT frozen as a whole: what is left may sign.`,
    })
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    connection.close()
  }
}

function stopFunction(lambda: LambdaClient, name: string): Promise<Step.Step> {
  const runAs = whoSwitchesFunctions('lambda:PutFunctionConcurrency')
  return Step.run('function', name, runAs, async () => {
    const sdk = await import('@aws-sdk/client-lambda')
    const FunctionName = name
    try {
      const before = await peek(() =>
        lambda.send(new sdk.GetFunctionConcurrencyCommand({ FunctionName })),
      )
      const reserved = seen(before)?.ReservedConcurrentExecutions
      if (reserved === 0) return 'was stopped already'
      await lambda.send(
        new sdk.PutFunctionConcurrencyCommand({
          FunctionName,
          ReservedConcurrentExecutions: 0,
        }),
      )
      return `stopped${reserved === undefined ? '' : ` (was at most ${reserved} at once)`}`
    } catch (error) {
      // Found by name only, a function need not be there.
      if (isMissing(error)) return 'does not exist'
      throw error
    }
  })
}

function disableKey(
  { kms }: AwsConnection,
  lambda: LambdaClient,
  parts: Parts,
): Promise<Step.Step> {
  return switchKey(kms, lambda, parts, 'kms:DisableKey', async (arn, state) => {
    const { DisableKeyCommand } = await import('@aws-sdk/client-kms')
    if (state === 'Disabled') return 'was disabled already'
    // In every other state KMS signs nothing, and can't disable either.
    if (state !== undefined && state !== 'Enabled')
      return `signs nothing: it is ${state}`
    await kms.send(new DisableKeyCommand({ KeyId: arn }))
    await untilKeyState(kms, arn, (state) => state !== 'Enabled')
    return 'disabled'
  })
}
