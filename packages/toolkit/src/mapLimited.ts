import * as Rpc from '@keyward/core/rpc'

/**
 * The number of concurrent calls for many keys. KMS allows 2,000 calls per
 * second.
 */
const concurrency = 8

/**
 * Maps items with limited concurrency. The results are in the order of the
 * items.
 */
export const mapLimited = <item, mapped>(
  items: readonly item[],
  map: (item: item) => Promise<mapped>,
): Promise<mapped[]> => Rpc.mapLimited(items, concurrency, map)
