import type { Hex } from '@keyward/core'

/** Whether pools took attempts, of the newest thousand that were sent here. */
export type Pools = {
  note(hash: Hex, isTaken: boolean): void
  /** Undefined when this process has not sent it. */
  get(hash: Hex): boolean | undefined
}

const most = 1000

export function createPools(): Pools {
  const pools = new Map<Hex, boolean>()
  return {
    note(hash, isTaken) {
      pools.delete(hash)
      const [oldest] = pools.keys()
      if (pools.size >= most && oldest !== undefined) pools.delete(oldest)
      pools.set(hash, isTaken)
    },
    get: (hash) => pools.get(hash),
  }
}
