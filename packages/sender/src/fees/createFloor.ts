import type { Runtime } from '@keyward/core/rpc'
import { isFresh } from '../isFresh.js'
import { type Needed, readNeeded } from './readNeeded.js'

/** How long a pool's refusal counts, because fees come down again. */
const countsForMs = 10 * 60_000

/** Fee refusals by pools in the last ten minutes. */
export type Floor = {
  /** Records that a pool refused an attempt for its fee, with this text. */
  refused(reason: string, offered: { maxFeePerGas: bigint }): void
  /**
   * Whether a pool has refused an attempt. If so, the blocks alone don't decide
   * the fees.
   */
  isRaised(): boolean
  /** The highest fees that refusals named. */
  needed(): Needed
}

export function createFloor({ now }: Pick<Runtime, 'now'>): Floor {
  let refusedAt = Number.NEGATIVE_INFINITY
  let least: Needed = {}
  const isRaised = () => isFresh(refusedAt, countsForMs, now())
  return {
    refused(reason, { maxFeePerGas }) {
      const { tip, price } = readNeeded(reason, maxFeePerGas)
      const before = isRaised() ? least : {}
      least = {
        tip: higher(before.tip, tip),
        price: higher(before.price, price),
      }
      refusedAt = now()
    },
    isRaised,
    needed: () => (isRaised() ? least : {}),
  }
}

function higher(
  a: bigint | undefined,
  b: bigint | undefined,
): bigint | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}
