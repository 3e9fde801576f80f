import type { Hex } from '@keyward/core'
import { createNewest } from '../createNewest.js'

/**
 * Whether pools accepted the attempts sent by this process; keeps the newest
 * thousand.
 */
export type Pools = {
  note(hash: Hex, isTaken: boolean): void
  /** Undefined if this process has not sent it. */
  get(hash: Hex): boolean | undefined
}

const most = 1000

export function createPools(): Pools {
  const pools = createNewest<Hex, boolean>(most)
  return { note: pools.set, get: pools.get }
}
