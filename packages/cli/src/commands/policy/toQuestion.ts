/** Who asks, where a question does not say. */
export type Asked = {
  caller: string | undefined
  account: string | undefined
}

/**
 * A question out of what a file or a line has: a question, or a request alone.
 *
 * @param value - From `JSON.parse`; what is no object stays as it is.
 */
export function toQuestion(
  value: unknown,
  { caller, account }: Asked,
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return value
  const question = 'kind' in value ? { request: value } : value
  return {
    ...(caller !== undefined && { caller }),
    ...(account !== undefined && { account }),
    ...question,
  }
}
