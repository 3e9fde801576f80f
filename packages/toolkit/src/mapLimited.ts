/** Concurrent calls over many keys; KMS allows 2,000 per second. */
const concurrency = 8

/** Maps with a few concurrent calls; results are in the items' order. */
export async function mapLimited<item, mapped>(
  items: readonly item[],
  map: (item: item) => Promise<mapped>,
): Promise<mapped[]> {
  const results: mapped[] = []
  const left = items.entries()
  const worker = async () => {
    for (const [index, item] of left) results[index] = await map(item)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return results
}
