/**
 * Waits for work for a moment only. Most of it is done by then, and a client
 * that looks again after five seconds need not.
 */
export async function answerSoon(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const moment = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 1500)
  })
  await Promise.race([work, moment])
  clearTimeout(timer)
}
