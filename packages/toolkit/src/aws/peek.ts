/** A value that this caller isn't allowed to see. */
export type Hidden = { hidden: true }
export type Peeked<value> = { hidden: false; value: value } | Hidden

const hidden: Hidden = { hidden: true }

/**
 * Makes a call and treats AWS's "not allowed" as an answer.
 *
 * @throws any other error of the call
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

/** The value, or undefined if there is no value or it is hidden. */
export function seen<value>(peeked: Peeked<value>): value | undefined {
  return peeked.hidden ? undefined : peeked.value
}

/** Whether AWS denied the call, in any service's wording. */
export function isDenied(error: unknown): boolean {
  return /^(AccessDenied|UnauthorizedOperation|NotAuthorized|Forbidden)/.test(
    nameOf(error),
  )
}

/** Whether the resource doesn't exist, in any service's wording. */
export function isMissing(error: unknown): boolean {
  const { message = '' } = error as { message?: string }
  return (
    /^(ResourceNotFound|NotFound|ChangeSetNotFound|ParameterNotFound)/.test(
      nameOf(error),
    ) ||
    (nameOf(error) === 'ValidationError' && /does not exist/.test(message))
  )
}

/** The name that AWS gives to an error, e.g. `DisabledException`. */
export function nameOf(error: unknown): string {
  const { name } = error as { name?: unknown }
  return typeof name === 'string' ? name : ''
}
