/**
 * Maps items in order, a few at a time.
 *
 * @param atOnce - Maximum number of concurrent calls.
 * @returns the results, in the items' order
 * @throws the first error; the remaining items are not mapped then
 */
export async function mapLimited<item, mapped>(
  items: readonly item[],
  atOnce: number,
  map: (item: item) => Promise<mapped>,
): Promise<mapped[]> {
  const results: mapped[] = []
  let next = 0
  const work = async () => {
    while (next < items.length) {
      const at = next++
      try {
        results[at] = await map(items[at] as item)
      } catch (error) {
        next = items.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return results
}
