/** The table's clock, as far as its answers tell it. */
export type Clock = {
  /** A guess, in ms since 1970; what is written by it is checked afterwards. */
  estimate(): number
  /** The time that an answer tells, and when its request was sent. */
  learn(at: number, sentAt: number): void
}

/** An answer's `Date` has whole seconds, and cuts off the rest. */
const resolutionMs = 1000

/**
 * Until the first answer it is this process's clock, which may be wrong; then
 * it is moved as little as the answers allow.
 */
export function createClock(now: () => number): Clock {
  let offset = 0
  return {
    estimate: () => now() + offset,
    learn(at, sentAt) {
      const least = at - now()
      const most = at + resolutionMs - sentAt
      offset = Math.max(least, Math.min(offset, most))
    },
  }
}
