import { BaseError, Quote } from '@keyward/core'

/**
 * Who calls is the alias the function was invoked through, since a principal
 * may be allowed to invoke nothing but its own. The event and `clientContext`
 * say whatever the caller likes and are not asked.
 *
 * @param functionArn - `context.invokedFunctionArn`
 * @returns `undefined` for an unqualified invocation.
 */
export function fromArn(functionArn: string): string | undefined {
  return functionArn.split(':')[7] || undefined
}

/**
 * @param callers - The configured ones; without any, everybody may call.
 * @throws CallerNotAllowedError
 */
export function assertAllowed(
  caller: string | undefined,
  callers: readonly string[] | undefined,
): void {
  if (callers === undefined) return
  if (caller !== undefined && callers.includes(caller)) return
  throw new CallerNotAllowedError(caller, callers)
}

/** The function was invoked in another way than through a caller's alias. */
export class CallerNotAllowedError extends BaseError {
  constructor(caller: string | undefined, callers: readonly string[]) {
    const came =
      caller === undefined
        ? 'It was invoked without an alias'
        : `It was invoked as ${Quote.value(caller)}`
    super(
      'caller-not-allowed',
      `${came}; allowed: the aliases ${callers.join(', ')} (KEYWARD_CALLERS).`,
    )
    this.name = 'CallerNotAllowedError'
  }
}
