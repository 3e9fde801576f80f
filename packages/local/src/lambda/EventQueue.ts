import type { InvocationResult } from './Environment.js'

/**
 * Asynchronous invocations. They are in memory only, and are lost when the home
 * stops. Callers that need to be certain must invoke synchronously.
 */
export type EventQueue = {
  /** Repeats `run` if it throws or its function fails. */
  add(run: () => Promise<InvocationResult>, maximumRetries: number): void
  close(): void
}

/** One minute before the first retry and two before the second, as in AWS. */
export const retryDelaysMs = [60_000, 120_000]
/** The delay when throttled doubles each time, up to this limit. */
const throttledDelayMs = 1000
const maxThrottledDelayMs = 300_000
/** Six hours, after which Lambda drops an event. */
const maxThrottled = 80

export function createEventQueue(delaysMs: readonly number[]): EventQueue {
  const timers = new Set<NodeJS.Timeout>()
  let closed = false

  function later(run: () => void, delayMs: number) {
    if (closed) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, delayMs)
    timer.unref()
    timers.add(timer)
  }

  async function attempt(
    run: () => Promise<InvocationResult>,
    retriesLeft: number,
    failures: number,
    throttled: number,
  ): Promise<void> {
    try {
      const { errorType } = await run()
      if (errorType === undefined || retriesLeft === 0) return
      later(
        () => attempt(run, retriesLeft - 1, failures + 1, 0),
        delaysMs[failures] ?? 0,
      )
    } catch {
      // Neither a throttled call nor an error of our own counts as an attempt.
      if (throttled === maxThrottled) return
      later(
        () => attempt(run, retriesLeft, failures, throttled + 1),
        Math.min(throttledDelayMs * 2 ** throttled, maxThrottledDelayMs),
      )
    }
  }

  return {
    add(run, maximumRetries) {
      if (!closed) attempt(run, maximumRetries, 0, 0)
    },
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
