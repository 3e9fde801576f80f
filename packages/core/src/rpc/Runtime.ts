import { randomUUID } from 'node:crypto'

/**
 * Clock, timers and randomness. All other code in this package gets them from
 * here, so a test can simulate years in a second and replay a race exactly.
 */
export type Runtime = {
  /** Milliseconds since 1970. */
  now(): number
  /** Rejects with the signal's reason when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** From 0 up to, but not including, 1. */
  random(): number
  uuid(): string
}

/** The process's own clock, timers and randomness. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (ms <= 0 && signal === undefined) return setImmediate(resolve)
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason)
      })
    }),
  random: () => Math.random(),
  uuid: () => randomUUID(),
}

/**
 * A key service uses this machine's clock, whatever the runtime's clock says.
 */
export function toKeyOptions(
  runtime: Runtime,
  deadline: number,
): { deadline: number } {
  return { deadline: Date.now() + deadline - runtime.now() }
}
