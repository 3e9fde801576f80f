import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { BaseError } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { nameOf, peek } from '../aws/peek.js'
import { readStack } from '../stack/readStack.js'
import { StackMissingError } from '../stack/StackMissingError.js'

/**
 * Says what is missing where Lambda knows no such function; other errors stay.
 * Calls cloudformation:DescribeStacks and ListStackResources, if allowed.
 */
export async function explainMissing(
  error: unknown,
  connection: AwsConnection,
  stack: string,
  caller: string | undefined,
): Promise<unknown> {
  if (nameOf(error) !== 'ResourceNotFoundException') return error
  const client = connection.open(CloudFormationClient)
  const peeked = await peek(() => readStack(client, stack))
  if (peeked.hidden) return NoSenderError.unseen(stack, caller)
  const found = peeked.value
  if (found === undefined)
    return new StackMissingError(stack, connection.target)
  const aliases = found.resources
    .filter(({ type }) => type === 'AWS::Lambda::Alias')
    .map(({ physicalId }) => physicalId.split(':').slice(-2))
    .filter(([name]) => name === `${stack}-sender`)
    .flatMap(([, alias = '']) => (alias === 'status' ? [] : [alias]))
  return found.resources.some(
    ({ physicalId }) => physicalId === `${stack}-sender`,
  )
    ? NoSenderError.noAlias(stack, caller, aliases)
    : NoSenderError.notSending(stack)
}

/** The stack has no function that sends, or not for this caller. */
export class NoSenderError extends BaseError {
  override readonly name = 'NoSenderError'

  private constructor(shortMessage: string, details: string) {
    super('no-sender', shortMessage, { details })
  }

  static notSending(stack: string): NoSenderError {
    return new NoSenderError(
      `${stack} does not send: deploy it with --rpc-url.`,
      `keyward deploy --stack ${stack} --rpc-url - asks for the URL of an RPC endpoint and adds the functions that send. Other settings stay.`,
    )
  }

  static noAlias(
    stack: string,
    caller: string | undefined,
    aliases: readonly string[],
  ): NoSenderError {
    return new NoSenderError(
      `${stack}-sender has no alias ${caller ?? ''}.`,
      aliases.length === 0
        ? `It was deployed without callers: leave out --caller, or add one with keyward deploy --stack ${stack} --invoker ${caller}=ARN.`
        : `Give --caller with one of: ${aliases.join(', ')}.`,
    )
  }

  static unseen(stack: string, caller: string | undefined): NoSenderError {
    return new NoSenderError(
      caller === undefined
        ? `There is no function ${stack}-sender.`
        : `There is no function ${stack}-sender with the alias ${caller}.`,
      caller === undefined
        ? `If ${stack} is the right stack, it does not send yet: its administrators deploy it with --rpc-url. Otherwise give --stack.`
        : `If ${stack} is the right stack, it has no caller ${caller}: its administrators add one by --invoker ${caller}=ARN, and --caller is left out where there are none. Or it does not send yet: they deploy it with --rpc-url.`,
    )
  }
}
