/** Undefined: it can't be said, which is never good enough to allow. */
export type Truth = boolean | undefined

/** False as soon as one is, else unknown as soon as one is. */
export function all(truths: Iterable<Truth>): Truth {
  let result: Truth = true
  for (const one of truths) {
    if (one === false) return false
    if (one === undefined) result = undefined
  }
  return result
}

/** True as soon as one is, else unknown as soon as one is. */
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
