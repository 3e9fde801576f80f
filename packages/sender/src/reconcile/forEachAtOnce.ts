/** Processes the items in order, with limited concurrency. */
export async function forEachAtOnce<item>(
  items: readonly item[],
  atOnce: number,
  work: (item: item) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}
