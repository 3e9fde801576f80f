/** The defaults for a question that doesn't name a caller. */
export type Asked = {
  caller: string | undefined
  account: string | undefined
}

/**
 * @param value - From `JSON.parse`; a value that is not an object is returned
 * unchanged.
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
    ...value,
  }
}
