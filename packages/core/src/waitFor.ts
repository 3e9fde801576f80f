import { BaseError } from './errors/BaseError.js'
import type { CallOptions } from './KeyService.js'

/** Node's timers can't wait longer than this. */
const maxTimerMs = 2 ** 31 - 1

/**
 * Waits for work until the caller stops waiting. The work itself continues.
 *
 * @param what - Named in the message, for example `the policy`.
 * @throws SigningTimeoutError, and the signal's reason
 */
export function waitFor<value>(
  work: Promise<value>,
  what: string,
  { deadline = Number.POSITIVE_INFINITY, signal }: CallOptions,
): Promise<value> {
  const leftMs = Math.max(0, deadline - Date.now())
  if (leftMs > maxTimerMs && signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason)
    const timer = setTimeout(
      () => reject(new SigningTimeoutError(what)),
      Math.min(leftMs, maxTimerMs),
    )
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    })
  })
}

/** The caller's deadline passed. No signature was returned. */
export class SigningTimeoutError extends BaseError {
  constructor(what: string) {
    super('signing-timeout', `The deadline passed while waiting for ${what}.`, {
      details: 'No signature was returned. You can repeat the call.',
    })
    this.name = 'SigningTimeoutError'
  }
}
