import type * as Certainty from './Certainty.js'

/**
 * A value of which only a pattern is known: the ARN of any role of an account,
 * or the id of any account. It never equals a value that a policy spells out,
 * because such values are checked by name.
 */
export type Unseen = {
  /** May contain `*` and `?`. */
  pattern: string
  /** Whether policies may spell it out, as for a role with an unknown path. */
  mayBeWritten?: boolean
}

/** Represents, in a pattern, an account that no policy names. */
export const anyAccount = '????????????'

/** Whether the value equals a text. */
export function equals(unseen: Unseen, text: string): Certainty.Certainty {
  return unseen.mayBeWritten && intersect(text, unseen.pattern)
    ? 'unknown'
    : 'no'
}

/** Like {@link equals}, but ignores case. */
export function equalsIgnoringCase(
  unseen: Unseen,
  text: string,
): Certainty.Certainty {
  if (namesAnotherAccount(text, unseen)) return 'no'
  const pattern = unseen.pattern.toLowerCase()
  return intersect(text.toLowerCase(), pattern) ? 'unknown' : 'no'
}

/** Whether the value matches a pattern of `*` and `?`. */
export function isLike(unseen: Unseen, pattern: string): Certainty.Certainty {
  if (!/[*?]/.test(pattern)) return equals(unseen, pattern)
  if (namesAnotherAccount(pattern, unseen)) return 'no'
  if (covers(pattern, unseen.pattern)) return 'yes'
  return intersect(pattern, unseen.pattern) ? 'unknown' : 'no'
}

function namesAnotherAccount(text: string, { pattern }: Unseen): boolean {
  return pattern.includes(`:${anyAccount}:`) && /^([^:]*:){4}\d{12}:/.test(text)
}

/** Whether some text matches both patterns. */
function intersect(a: string, b: string): boolean {
  const left = Array.from(a)
  const right = Array.from(b)
  // reach[j]: the first i characters of `a` and j of `b` can match the same
  // text.
  let reach = [true]
  for (let j = 1; j <= right.length; j++)
    reach[j] = reach[j - 1] === true && right[j - 1] === '*'
  for (let i = 1; i <= left.length; i++) {
    const x = left[i - 1]
    const next = [reach[0] === true && x === '*']
    for (let j = 1; j <= right.length; j++) {
      const y = right[j - 1]
      const both = x === y || x === '?' || y === '?'
      next[j] =
        (both && reach[j - 1] === true) ||
        ((x === '*' || y === '*') &&
          (reach[j] === true || next[j - 1] === true))
    }
    reach = next
  }
  return reach[right.length] === true
}

/**
 * Whether every text that matches `inner` surely matches `outer`; false if
 * unclear.
 */
function covers(outer: string, inner: string): boolean {
  if (outer === inner) return true
  return outer.endsWith('*') && inner.startsWith(outer.slice(0, -1))
}
