/**
 * Whether an observation still counts. A clock that was set back doesn't extend
 * it.
 */
export function isFresh(at: number, forMs: number, now: number): boolean {
  return at <= now && now - at < forMs
}
