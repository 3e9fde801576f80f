const steps = [
  [60, 's'],
  [60, 'min'],
  [24, 'h'],
  [Number.POSITIVE_INFINITY, 'd'],
] as const

/**
 * The time since an event: `12 s`, `3 min`, `5 h`, `9 d`.
 *
 * @param iso - The time as the sender returns it.
 */
export function age(iso: string, now = Date.now()): string {
  let value = Math.max(0, (now - Date.parse(iso)) / 1000)
  for (const [size, unit] of steps) {
    if (value < size) return `${Math.floor(value)} ${unit}`
    value /= size
  }
  return ''
}
