/** Converts a value for JSON, which has no 256-bit integers. */
export function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(toJson)
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, toJson(one)]),
  )
}
