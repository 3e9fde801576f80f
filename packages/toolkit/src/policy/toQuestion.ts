/** The defaults for a question that doesn't name a caller. */
export type Asked = {
  caller: string | undefined
  account: string | undefined
}

/**
 * @param value - From `JSON.parse`: a question, or only its request. A value
 * that is not an object is returned unchanged.
 */
export function toQuestion(
  value: unknown,
  { caller, account }: Asked,
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return value
  return {
    ...(caller !== undefined && { caller }),
    ...(account !== undefined && { account }),
    // A question has no `kind`, but the request inside it does.
    ...('kind' in value ? { request: value } : value),
  }
}
