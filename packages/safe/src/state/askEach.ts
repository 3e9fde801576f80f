import { mapLimited } from '@keyward/core/rpc'

/**
 * Limited, because nodes and their providers refuse too many requests at once.
 */
const atOnce = 16

/** Asks about each item in order, a few at a time. */
export const askEach = <item, answer>(
  items: readonly item[],
  ask: (item: item) => Promise<answer>,
): Promise<answer[]> => mapLimited(items, atOnce, ask)
