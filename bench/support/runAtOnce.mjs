/** Does something `count` times, so many at a time. */
export async function runAtOnce(count, atOnce, work) {
  let next = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) await work(next++)
    }),
  )
}
