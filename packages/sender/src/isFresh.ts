/**
 * Whether what was so at a moment still counts. A clock that was set back does
 * not make it count for longer.
 */
export function isFresh(at: number, forMs: number, now: number): boolean {
  return at <= now && now - at < forMs
}
