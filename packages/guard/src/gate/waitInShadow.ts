/** Nothing is refused in shadow, so nobody waits for a table that is silent. */
const patienceMs = 1000

/**
 * What counting came to; undefined where the table failed, or took too long.
 *
 * @throws what `isTold` lets through
 */
export async function waitInShadow<value>(
  counting: Promise<value>,
  isTold: (error: unknown) => boolean = () => false,
): Promise<value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMs, undefined)
  })
  const counted = counting.catch((error: unknown) => {
    if (isTold(error)) throw error
    return undefined
  })
  try {
    return await Promise.race([counted, late])
  } finally {
    clearTimeout(timer)
    // Whatever it comes to later.
    counted.catch(() => {})
  }
}
