import { randomUUID } from 'node:crypto'

/**
 * Clock, timers and randomness. Everything else in this package takes them from
 * here, so that a test can run years in a second and replay a race exactly.
 */
export type Runtime = {
  /** Milliseconds since 1970. */
  now(): number
  /** Rejects with the signal's reason when that aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** From 0 to below 1. */
  random(): number
  uuid(): string
}

/** This process's own. */
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

/** A key service waits by this machine's clock, whatever the runtime's says. */
export function toKeyOptions(
  runtime: Runtime,
  deadline: number,
): { deadline: number } {
  return { deadline: Date.now() + deadline - runtime.now() }
}
