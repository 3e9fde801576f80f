import { BaseError, Quote } from '@keyward/core'
import type { Config } from './config.js'

/**
 * The alias through which `status` is answered and nothing else, so that who
 * only wants the address needs no right to have anything signed.
 */
const statusAlias = 'status'

/** Without configured callers all are one, whichever way they come. */
const anyone = '*'

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
 * Who an alias stands for. Without configured callers a function can be invoked
 * by its versions as well, and whoever does must not be many for that: a policy
 * counts by caller.
 */
export function fromAlias(
  alias: string | undefined,
  { callers }: Pick<Config, 'callers'>,
): string {
  return callers === undefined ? anyone : (alias ?? anyone)
}

/**
 * Only configured callers have anything done. Where none are, nobody is one:
 * else whoever may invoke the function to be told its address had the key.
 *
 * @param event - Of which nothing but the operation `status` is asked.
 * @param own - Aliases of the function that are no caller's.
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

/** Whether an event asks who the function signs as. */
export function isStatus(event: unknown): boolean {
  return (
    typeof event === 'object' &&
    event !== null &&
    Object.hasOwn(event, 'operation') &&
    (event as { operation: unknown }).operation === 'status'
  )
}

/** The function was invoked in another way than through a caller's alias. */
export class CallerNotAllowedError extends BaseError {
  constructor(
    caller: string | undefined,
    callers: readonly string[] | undefined,
    own: readonly string[] = [],
  ) {
    const came =
      caller === undefined
        ? 'It was invoked without an alias'
        : `It was invoked as ${Quote.value(caller)}`
    const names = [...(callers ?? []), ...own].join(', ')
    super(
      'caller-not-allowed',
      callers === undefined && own.length === 0
        ? `${came}; allowed: the operation "status", because no callers are configured. Deploy with invokers, or with anyCaller=true.`
        : `${came}; allowed: the aliases ${names} (KEYWARD_CALLERS), and ${statusAlias} for the operation "status".`,
    )
    this.name = 'CallerNotAllowedError'
  }
}
