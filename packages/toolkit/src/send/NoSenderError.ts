import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { BaseError, maskHex, quote } from '@keyward/core/errors'
import { AwsCallError } from '../aws/AwsCallError.js'
import { adviceAtHome, allowedAtHome } from '../aws/allowedAtHome.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { InvocationError } from '../aws/invoke.js'
import { nameOf, peek } from '../aws/peek.js'
import { callersOf, readStack } from '../stack/readStack.js'
import { StackMissingError } from '../stack/StackMissingError.js'

/**
 * Explains which function is missing if Lambda doesn't know it, and which flag
 * to check if the caller is denied. Returns other errors unchanged. Calls
 * cloudformation:DescribeStacks and ListStackResources, if allowed.
 */
export async function explainCaller(
  error: unknown,
  connection: AwsConnection,
  stack: string,
  caller: string | undefined,
): Promise<unknown> {
  if (error instanceof InvocationError && error.code === 'caller-not-allowed')
    return NoSenderError.notServed(stack, caller, error)
  if (nameOf(error) === 'AccessDeniedException')
    return deniedTo(stack, caller, error as Error)
  if (nameOf(error) !== 'ResourceNotFoundException') return error
  const client = connection.open(CloudFormationClient)
  const peeked = await peek(() => readStack(client, stack))
  if (peeked.hidden) return NoSenderError.unseen(stack, caller)
  const found = peeked.value
  if (found === undefined)
    return new StackMissingError(stack, connection.target)
  return found.resources.some(
    ({ physicalId }) => physicalId === `${stack}-sender`,
  )
    ? NoSenderError.noAlias(stack, caller, callersOf(found))
    : NoSenderError.notSending(stack)
}

/**
 * Each caller is allowed to invoke one alias; AWS denies the other aliases and
 * the function itself.
 */
function deniedTo(
  stack: string,
  caller: string | undefined,
  error: Error,
): AwsCallError {
  const hint =
    caller === undefined
      ? 'If the stack has callers, pass your alias with --caller.'
      : `Your role might be allowed to use a caller other than ${quote(caller)}. Check --caller.`
  // The roles of a stack's callers need their own alias, not another principal.
  const needsAlias =
    caller === undefined && allowedAtHome(error)?.caller.startsWith('arn:')
  return new AwsCallError(
    'aws-refused',
    `You are not allowed to invoke ${stack}-sender${caller === undefined ? '' : `:${caller}`}.`,
    {
      details: [hint, maskHex(error.message)]
        .concat((!needsAlias && adviceAtHome(error)) || [])
        .join('\n'),
      cause: error,
    },
  )
}

/** The stack has no function that sends, or none for this caller. */
export class NoSenderError extends BaseError {
  override readonly name = 'NoSenderError'

  private constructor(shortMessage: string, details: string) {
    super('no-sender', shortMessage, { details })
  }

  static notSending(stack: string): NoSenderError {
    return new NoSenderError(
      `The stack ${stack} does not send transactions.`,
      `To add the functions that send, run the command below. It asks for the URL of an RPC endpoint and leaves the other settings unchanged.\n  keyward deploy --stack ${stack} --rpc-url -`,
    )
  }

  static noAlias(
    stack: string,
    caller: string | undefined,
    aliases: readonly string[],
  ): NoSenderError {
    if (caller === undefined)
      return new NoSenderError(
        `Lambda did not find the function ${stack}-sender, although the stack contains it.`,
        `Deploy the stack again: keyward deploy --stack ${stack}.`,
      )
    return new NoSenderError(
      `The function ${stack}-sender has no alias ${quote(caller)}.`,
      aliases.length === 0
        ? `The stack was deployed without callers. Leave out --caller, or add a caller with keyward deploy --stack ${stack} --invoker ${caller}=ARN.`
        : `Pass --caller with one of: ${aliases.join(', ')}.`,
    )
  }

  /**
   * @param error - The function's error, which lists the aliases that it
   * serves.
   */
  static notServed(
    stack: string,
    caller: string | undefined,
    error: InvocationError,
  ): NoSenderError {
    const served = /the alias(?:es)? ([\w-]+(?:, [\w-]+)*)/.exec(
      error.shortMessage,
    )
    return new NoSenderError(
      caller === undefined
        ? `The function ${stack}-sender must be invoked through an alias, but --caller is missing.`
        : `The function ${stack}-sender does not serve the caller ${quote(caller)}.`,
      served === null
        ? `The stack has no callers. Add one with keyward deploy --stack ${stack} --invoker NAME=ARN.`
        : `Pass --caller with one of: ${served[1]}.`,
    )
  }

  static unseen(stack: string, caller: string | undefined): NoSenderError {
    return new NoSenderError(
      caller === undefined
        ? `There is no function ${stack}-sender.`
        : `There is no function ${stack}-sender with the alias ${quote(caller)}.`,
      caller === undefined
        ? `If ${stack} is the right stack, it does not send transactions yet: ask an administrator to deploy it with --rpc-url. Otherwise, pass --stack.`
        : `Check --caller and --stack. If both are right, ask an administrator to add the caller (--invoker ${caller}=ARN) or, if the stack does not send transactions yet, to deploy it with --rpc-url. If the stack has no callers, leave out --caller.`,
    )
  }
}
