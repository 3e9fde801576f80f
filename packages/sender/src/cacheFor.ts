import type { Runtime } from '@keyward/core/rpc'
import { isFresh } from './isFresh.js'

type Deadline = { deadline?: number | undefined }

/** A query whose answer is cached for a while. */
export type Cached<value> = (options?: Deadline) => Promise<value>

/**
 * Asks at most once per interval; callers that arrive during the interval share
 * the answer. A failure reaches the callers that are waiting, but is not
 * cached.
 */
export function cacheFor<value>(
  ms: number,
  runtime: Runtime,
  ask: (options: Deadline | undefined) => Promise<value>,
): Cached<value> {
  let kept: { answer: Promise<value>; at: number } | undefined
  return (options) => {
    const at = runtime.now()
    if (kept !== undefined && isFresh(kept.at, ms, at)) return kept.answer
    const answer = ask(options)
    const own = { answer, at }
    kept = own
    answer.catch(() => {
      if (kept === own) kept = undefined
    })
    return answer
  }
}
