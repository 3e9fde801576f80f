/**
 * Nothing is refused in shadow mode, so no request waits for a table that
 * doesn't answer.
 */
const patienceMs = 1000

/**
 * The result of counting; undefined if the table failed or took too long.
 *
 * @throws errors for which `isTold` returns true
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
    // Ignore a later result.
    counted.catch(() => {})
  }
}
