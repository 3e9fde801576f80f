/** What somebody else may see, and this caller may not. */
export type Hidden = { hidden: true }
export type Peeked<value> = { hidden: false; value: value } | Hidden

const hidden: Hidden = { hidden: true }

/**
 * Asks, and takes AWS's "not allowed" for an answer.
 *
 * @throws what else the call throws.
 */
export async function peek<value>(
  call: () => Promise<value>,
): Promise<Peeked<value>> {
  try {
    return { hidden: false, value: await call() }
  } catch (error) {
    if (isDenied(error)) return hidden
    throw error
  }
}

/** The value, or undefined when there is none or it is hidden. */
export function seen<value>(peeked: Peeked<value>): value | undefined {
  return peeked.hidden ? undefined : peeked.value
}

/** Whether AWS said that the caller isn't allowed, in any service's words. */
export function isDenied(error: unknown): boolean {
  return /^(AccessDenied|UnauthorizedOperation|NotAuthorized|Forbidden)/.test(
    nameOf(error),
  )
}

/** Whether what was asked for is not there, in any service's words. */
export function isMissing(error: unknown): boolean {
  const { message = '' } = error as { message?: string }
  return (
    /^(ResourceNotFound|NotFound|ChangeSetNotFound|ParameterNotFound)/.test(
      nameOf(error),
    ) ||
    (nameOf(error) === 'ValidationError' && /does not exist/.test(message))
  )
}

/** AWS's name of an error, e.g. `DisabledException`. */
export function nameOf(error: unknown): string {
  const { name } = error as { name?: unknown }
  return typeof name === 'string' ? name : ''
}
