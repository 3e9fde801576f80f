import type { LambdaClient } from '@aws-sdk/client-lambda'
import { BaseError } from '@keyward/core/errors'
import { InvocationError, isKeyDisabled } from '../aws/invoke.js'
import { nameOf, peek } from '../aws/peek.js'

/**
 * Explains that a stack is frozen if AWS reports "Rate Exceeded" or a disabled
 * key. Returns other errors unchanged. Calls lambda:GetFunctionConcurrency, if
 * allowed.
 */
export async function explainFrozen(
  error: unknown,
  lambda: LambdaClient,
  { stack, name }: { stack: string; name: string },
): Promise<unknown> {
  if (isKeyDisabled(error))
    return new StackFrozenError(stack, 'is frozen: its key is disabled', error)
  if (error instanceof InvocationError) return error
  if (nameOf(error) !== 'TooManyRequestsException') return error
  const { GetFunctionConcurrencyCommand } = await import(
    '@aws-sdk/client-lambda'
  )
  const [FunctionName = name] = name.split(':')
  const peeked = await peek(() =>
    lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
  )
  if (peeked.hidden)
    return new StackFrozenError(
      stack,
      `might be frozen: its function ${FunctionName} is stopped or at its concurrency limit (you have no permission to see which)`,
      error,
    )
  return peeked.value.ReservedConcurrentExecutions === 0
    ? new StackFrozenError(
        stack,
        `is frozen: its function ${FunctionName} is stopped`,
        error,
      )
    : error
}

/** The emergency stop has frozen the stack. */
export class StackFrozenError extends BaseError {
  override readonly name = 'StackFrozenError'

  constructor(stack: string, reason: string, cause: unknown) {
    super('stack-frozen', `The stack ${stack} ${reason}.`, {
      details: `Nothing was signed. To see the stack's state, run keyward status --stack ${stack}. Once you know why the stack was frozen, an administrator of the key can run keyward unfreeze --stack ${stack}.`,
      cause,
    })
  }
}
