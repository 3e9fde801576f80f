/** Who asks, where a question does not say. */
export type Asked = {
  caller: string | undefined
  account: string | undefined
}

/** @param value - From `JSON.parse`; what is no object stays as it is. */
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
