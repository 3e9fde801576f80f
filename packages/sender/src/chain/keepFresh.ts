type Deadline = { deadline?: number | undefined }

/** A question whose answer is kept for a while. */
export type Fresh<value> = (options?: Deadline) => Promise<value>

/**
 * Asks at most once in so many milliseconds; those who ask meanwhile share the
 * answer. A failure is shared by those who wait for it, and not kept.
 */
export function keepFresh<value>(
  freshMs: number,
  ask: (options: Deadline | undefined) => Promise<value>,
): Fresh<value> {
  let kept: { answer: Promise<value>; until: number } | undefined
  return (options) => {
    if (kept !== undefined && kept.until > Date.now()) return kept.answer
    const answer = ask(options)
    const own = { answer, until: Date.now() + freshMs }
    kept = own
    answer.catch(() => {
      if (kept === own) kept = undefined
    })
    return answer
  }
}
