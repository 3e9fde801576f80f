/**
 * Undefined means that it can't be determined, which never suffices to allow.
 */
export type Truth = boolean | undefined

/** False if any is false; otherwise unknown if any is unknown. */
export function all(truths: Iterable<Truth>): Truth {
  let result: Truth = true
  for (const one of truths) {
    if (one === false) return false
    if (one === undefined) result = undefined
  }
  return result
}

/** True if any is true; otherwise unknown if any is unknown. */
export function any(truths: Iterable<Truth>): Truth {
  let result: Truth = false
  for (const one of truths) {
    if (one === true) return true
    if (one === undefined) result = undefined
  }
  return result
}

export const not = (truth: Truth): Truth =>
  truth === undefined ? undefined : !truth
