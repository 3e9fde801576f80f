/** The table's clock, as far as it is known from the table's answers. */
export type Clock = {
  /**
   * The estimated time, in ms since 1970. Anything written with it is checked
   * afterwards.
   */
  estimate(): number
  /**
   * Learns from the time in an answer and the time at which its request was
   * sent.
   */
  learn(at: number, sentAt: number): void
}

/** An answer's `Date` is truncated to whole seconds. */
const resolutionMs = 1000

/**
 * Creates an estimate of the server's clock. It starts with this process's
 * clock, which may be wrong, and is corrected only as far as the times in the
 * server's answers require.
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
