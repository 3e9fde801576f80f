/**
 * Waits briefly for work to finish. Most work finishes within that time, so
 * that clients don't have to poll again after five seconds.
 */
export async function answerSoon(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const moment = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 1500)
  })
  await Promise.race([work, moment])
  clearTimeout(timer)
}
