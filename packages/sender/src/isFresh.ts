/**
 * Whether an observation is still recent enough. Setting the clock back doesn't
 * extend its life.
 */
export function isFresh(at: number, forMs: number, now: number): boolean {
  return at <= now && now - at < forMs
}
