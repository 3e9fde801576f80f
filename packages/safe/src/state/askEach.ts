/** Nodes and their providers refuse too many requests at once. */
const atOnce = 16

/**
 * Asks about each item in order, a few at a time.
 *
 * @throws the first error; the remaining items are not asked about then
 */
export async function askEach<item, answer>(
  items: readonly item[],
  ask: (item: item) => Promise<answer>,
): Promise<answer[]> {
  const answers: answer[] = []
  let next = 0
  const work = async () => {
    while (next < items.length) {
      const at = next++
      try {
        answers[at] = await ask(items[at] as item)
      } catch (error) {
        next = items.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return answers
}
