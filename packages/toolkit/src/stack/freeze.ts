import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { AwsConnection } from '../aws/connectAws.js'
import { isMissing, peek, seen } from '../aws/peek.js'
import { doUnlessBarred } from './doUnlessBarred.js'
import { type Account, findParts } from './findParts.js'
import { leaveOutAbsent } from './leaveOutAbsent.js'
import * as Step from './Step.js'
import { switchKey } from './switchKey.js'
import type { Template } from './Template.js'
import { untilConcurrency } from './untilConcurrency.js'
import { untilKeyState } from './untilKeyState.js'
import { whoSwitchesFunctions } from './whoSwitches.js'

/**
 * The emergency stop: afterwards no function runs, and KMS doesn't sign for
 * anyone. It doesn't ask for confirmation, because it can be undone. It tries
 * every part, even if others fail.
 *
 * @param onHidden - Called if the caller isn't allowed to read the stack
 * itself.
 */
export async function freeze(
  connection: AwsConnection,
  name: string,
  onHidden: () => void,
): Promise<Step.Step[]> {
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const lambda = connection.open(LambdaClient)
  const parts = await findParts(connection, name)
  if (parts.stack === undefined) onHidden()
  const steps = await Promise.all([
    ...parts.accounts.map((account) =>
      disableKey(connection, lambda, account, parts.template),
    ),
    ...parts.functions.map((each) => stopFunction(lambda, each.name)),
  ])
  return leaveOutAbsent(steps, connection, name, parts)
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
      const stopped = reserved === 0 ? 'was already stopped' : undefined
      const was = await doUnlessBarred(stopped, async () => {
        await lambda.send(
          new sdk.PutFunctionConcurrencyCommand({
            FunctionName,
            ReservedConcurrentExecutions: 0,
          }),
        )
        await untilConcurrency(lambda, name, 0)
      })
      const limit =
        reserved === undefined ? '' : ` (before: at most ${reserved} at once)`
      return was ?? `stopped${limit}`
    } catch (error) {
      // A function that was only looked up by name might not exist.
      if (isMissing(error)) return Step.absent
      throw error
    }
  })
}

function disableKey(
  { kms }: AwsConnection,
  lambda: LambdaClient,
  account: Account,
  template: Template | undefined,
): Promise<Step.Step> {
  const about = { ...account, template }
  return switchKey(kms, lambda, about, 'kms:DisableKey', async (arn, state) => {
    const { DisableKeyCommand } = await import('@aws-sdk/client-kms')
    // In every other state, KMS doesn't sign, and the key can't be disabled.
    const others =
      state === undefined || state === 'Enabled'
        ? undefined
        : `can't sign in the state ${state}`
    const stopped = state === 'Disabled' ? 'was already disabled' : others
    const was = await doUnlessBarred(stopped, async () => {
      await kms.send(new DisableKeyCommand({ KeyId: arn }))
      await untilKeyState(kms, arn, (state) => state !== 'Enabled')
    })
    return was ?? 'disabled'
  })
}
