import type { LambdaClient } from '@aws-sdk/client-lambda'
import { InputError } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { isMissing } from '../aws/peek.js'
import type { Io } from '../Io.js'
import { doUnlessBarred } from './doUnlessBarred.js'
import { type Account, type FunctionPart, findParts } from './findParts.js'
import { leaveOutAbsent } from './leaveOutAbsent.js'
import * as StackName from './StackName.js'
import * as Step from './Step.js'
import { switchKey } from './switchKey.js'
import type { Template } from './Template.js'
import { untilConcurrency } from './untilConcurrency.js'
import { untilKeyState } from './untilKeyState.js'
import { whoSwitchesFunctions } from './whoSwitches.js'

export type UnfreezeOptions = {
  /** Overrides the template's value; null for no limit. */
  concurrency?: number | null | undefined
  yes: boolean
}

/**
 * Ends a freeze: the key signs again, and each function gets the concurrency in
 * the stack's template. Tries every part, even if others fail.
 */
export async function unfreeze(
  io: Io,
  connection: AwsConnection,
  name: string,
  options: UnfreezeOptions,
): Promise<Step.Step[]> {
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const lambda = connection.open(LambdaClient)
  const parts = await findParts(connection, name)
  const { kind } = connection.target
  const how =
    kind === 'local' && name === StackName.standard(kind)
      ? ':\n  eval "$(npx --no-install keyward env --as admin)"\n'
      : '. '
  const functions = parts.functions.map((each) => ({
    name: each.name,
    limit: limitOf(each, options, how),
  }))
  await io.confirm({
    target: connection.target,
    action: `lets the key and the functions of the stack ${name} sign again`,
    yes: options.yes,
  })
  const steps = await Promise.all([
    ...parts.accounts.map((account) =>
      enableKey(connection, lambda, account, parts.template),
    ),
    ...functions.map((each) => startFunction(lambda, each)),
  ])
  return leaveOutAbsent(steps, connection, name, parts)
}

/** Guessing could remove a limit that protects the account. */
function limitOf(
  { name, reserved }: FunctionPart,
  { concurrency }: UnfreezeOptions,
  how: string,
): number | null {
  const limit = concurrency === undefined ? reserved : concurrency
  if (limit !== undefined) return limit
  throw new InputError(
    `You have no permission to read the stack's template, which sets the concurrency of ${name}.`,
    {
      details:
        `Run the command as an administrator of the key${how}An ` +
        "administrator who can't read the template either " +
        '(cloudformation:GetTemplate) must pass --concurrency with a number ' +
        'or the word none.',
    },
  )
}

function startFunction(
  lambda: LambdaClient,
  { name, limit }: { name: string; limit: number | null },
): Promise<Step.Step> {
  const runAs = whoSwitchesFunctions(
    'lambda:PutFunctionConcurrency and lambda:DeleteFunctionConcurrency',
  )
  return Step.run('function', name, runAs, async () => {
    const sdk = await import('@aws-sdk/client-lambda')
    const FunctionName = name
    try {
      if (limit === null)
        await lambda.send(
          new sdk.DeleteFunctionConcurrencyCommand({ FunctionName }),
        )
      else
        await lambda.send(
          new sdk.PutFunctionConcurrencyCommand({
            FunctionName,
            ReservedConcurrentExecutions: limit,
          }),
        )
      await untilConcurrency(lambda, name, limit ?? undefined)
    } catch (error) {
      // A function that was only looked up by name might not exist.
      if (isMissing(error)) return Step.absent
      throw error
    }
    if (limit === null) return 'runs without a limit'
    return limit === 0
      ? 'stays stopped: the limit is 0 executions'
      : `runs, at most ${limit} at once`
  })
}

function enableKey(
  { kms }: AwsConnection,
  lambda: LambdaClient,
  account: Account,
  template: Template | undefined,
): Promise<Step.Step> {
  const about = { ...account, template }
  return switchKey(kms, lambda, about, 'kms:EnableKey', async (arn, state) => {
    const { EnableKeyCommand } = await import('@aws-sdk/client-kms')
    const enabled = state === 'Enabled' ? 'was already enabled' : undefined
    const was = await doUnlessBarred(enabled, async () => {
      await kms.send(new EnableKeyCommand({ KeyId: arn }))
      await untilKeyState(kms, arn, (state) => state !== 'Disabled')
    })
    return was ?? 'enabled'
  })
}
