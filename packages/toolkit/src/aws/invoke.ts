import type { LambdaClient } from '@aws-sdk/client-lambda'
import { BaseError } from '@keyward/core/errors'
import { shellWord } from '../shellQuote.js'

/**
 * Invokes a function and parses its answer.
 *
 * @param stack - The function's stack, for the commands in its error messages.
 * @throws InvocationError
 */
export async function invoke(
  client: LambdaClient,
  name: string,
  event: Readonly<Record<string, unknown>>,
  stack?: string,
): Promise<Record<string, unknown>> {
  const { InvokeCommand } = await import('@aws-sdk/client-lambda')
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  )
  const answer = JSON.parse(Payload?.transformToString() ?? 'null') as Record<
    string,
    unknown
  > | null
  if (FunctionError !== undefined || answer === null)
    throw new InvocationError(name, answer, stack)
  return answer
}

/**
 * The function returned an error. A Keyward error keeps its message, code and
 * docs page.
 */
export class InvocationError extends BaseError {
  override readonly name = 'InvocationError'
  /** The error's name in the function, such as `WouldFailError`. */
  readonly errorType: string | undefined

  constructor(
    name: string,
    answer: Record<string, unknown> | null,
    stack?: string,
  ) {
    const { errorType, errorMessage } = answer ?? {}
    // A function doesn't know its stack, so its commands have a placeholder.
    const message = String(errorMessage ?? '').replaceAll(
      '--stack NAME',
      stack === undefined ? '--stack NAME' : `--stack ${shellWord(stack)}`,
    )
    const {
      code = 'invocation-failed',
      short = `The function ${name} failed.`,
      details = [errorType, errorMessage]
        .filter((part) => typeof part === 'string')
        .join(': '),
    } = describe(message)
    super(code, short, { details })
    this.errorType = typeof errorType === 'string' ? errorType : undefined
  }
}

/** Whether a function failed because its key is disabled. */
export function isKeyDisabled(error: unknown): boolean {
  return (
    error instanceof InvocationError &&
    /\bDisabledException\b/.test(error.message)
  )
}

/** Splits the message of a `BaseError` into its parts. */
function describe(message: string): {
  code?: string
  short?: string
  details?: string
} {
  const [, text = '', code] =
    /^(.+)\nSee docs\/errors\/([a-z0-9-]+)\.md$/s.exec(message.trim()) ?? []
  if (code === undefined) return {}
  const [short = '', ...rest] = text.split('\n')
  return { code, short, details: rest.join('\n') }
}
