import * as Rpc from '@keyward/core/rpc'

/** Concurrent calls over many keys; KMS allows 2,000 per second. */
const concurrency = 8

/** Maps items with limited concurrency. The results are in the items' order. */
export const mapLimited = <item, mapped>(
  items: readonly item[],
  map: (item: item) => Promise<mapped>,
): Promise<mapped[]> => Rpc.mapLimited(items, concurrency, map)
