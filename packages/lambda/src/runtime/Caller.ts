import { BaseError, Quote } from '@keyward/core'
import type { Config } from './config.js'

/**
 * The alias that answers only `status`, so that a principal that needs only the
 * address needs no permission to sign.
 */
const statusAlias = 'status'

/**
 * If no callers are configured, all callers count as one, whichever alias they
 * use.
 */
const anyone = '*'

/**
 * The alias of the invocation identifies the caller, because each principal may
 * be allowed to invoke only its own alias. The caller controls the event and
 * `clientContext`, so they are ignored.
 *
 * @param functionArn - `context.invokedFunctionArn`
 * @returns `undefined` for an unqualified invocation.
 */
export function fromArn(functionArn: string): string | undefined {
  return functionArn.split(':')[7] || undefined
}

/**
 * The caller that an alias represents. Without configured callers, a function
 * can also be invoked by its versions. A principal that does so must not count
 * as several callers, because a policy counts by caller.
 */
export function fromAlias(
  alias: string | undefined,
  { callers }: Pick<Config, 'callers'>,
): string {
  return callers === undefined ? anyone : (alias ?? anyone)
}

/**
 * Serves only configured callers. If there are none, nobody is served;
 * otherwise, a principal that may only ask for the address could use the key.
 *
 * @param event - Checked only for the operation `status`.
 * @param own - Aliases of the function that belong to no caller.
 * @throws CallerNotAllowedError
 */
export function assertAllowed(
  caller: string | undefined,
  event: unknown,
  { callers, anyCaller }: Pick<Config, 'callers' | 'anyCaller'>,
  own: readonly string[] = [],
): void {
  const isOpen = callers === undefined
  if (isStatus(event) && (caller === statusAlias || isOpen)) return
  if (caller !== statusAlias) {
    if (isOpen && anyCaller) return
    const allowed = [...(callers ?? []), ...own]
    if (caller !== undefined && allowed.includes(caller)) return
  }
  throw new CallerNotAllowedError(caller, callers, own)
}

/** Whether an event asks for the function's account. */
export function isStatus(event: unknown): boolean {
  return (
    typeof event === 'object' &&
    event !== null &&
    Object.hasOwn(event, 'operation') &&
    (event as { operation: unknown }).operation === 'status'
  )
}

/** The function was not invoked through a caller's alias. */
export class CallerNotAllowedError extends BaseError {
  constructor(
    caller: string | undefined,
    callers: readonly string[] | undefined,
    own: readonly string[] = [],
  ) {
    const came =
      caller === undefined
        ? 'The function was invoked without an alias'
        : `The function was invoked through ${/^\d+$/.test(caller) ? 'version' : 'the alias'} ${Quote.value(caller)}`
    const lists = [
      callers?.length && `${callers.join(', ')} (KEYWARD_CALLERS)`,
      own.length && `${own.join(', ')} (built in)`,
    ]
    const names = lists.filter(Boolean).join(', ')
    const aliases =
      (callers?.length ?? 0) + own.length === 1 ? 'alias' : 'aliases'
    super(
      'caller-not-allowed',
      callers === undefined && own.length === 0
        ? `${came}. No callers are configured, so only the operation "status" is allowed. Deploy with --invoker NAME=ARN, or with -c anyCaller=true.`
        : caller === statusAlias
          ? `${came}, which answers only the operation "status". For other operations, use the ${aliases} ${names}.`
          : `${came}; allowed: the ${aliases} ${names}, and ${statusAlias} for the operation "status".`,
    )
    this.name = 'CallerNotAllowedError'
  }
}
