import type { Scheduler } from '../createScheduler.js'
import type { Random } from '../random.js'
import type { SimChain } from './createSimChain.js'
import type { SimNode } from './createSimNode.js'
import { createFees } from './manners/createFees.js'
import { createPools } from './manners/createPools.js'
import { createViews } from './manners/createViews.js'
import type { Hex, SimTransaction } from './SimTransaction.js'

/**
 * What a chain, or one of its nodes, does otherwise than geth on mainnet: the
 * kinds of test/support/nodes. The strict pool is not among them, as every pool
 * of this chain wants a tenth more of what takes another's place.
 */
export const characters = [
  'plain',
  'least tip',
  'least tip, no figure',
  'price told as funds',
  'empty blocks',
  'no fee history',
  'banned bytes',
  'legacy, price told',
  'legacy, fee told',
  'data fee',
  'data fee, poor',
  'address reserved',
  'pool full',
  'delegated account',
  'rate limited',
  'no status',
  'lagging pair',
  'lagging balancer',
  'disagreeing pair',
  'receipt liar',
  'external use liar',
  'no history',
] as const
export type Character = (typeof characters)[number]

/** Came later: it takes a part of the plain ones, so the others keep theirs. */
const drawnApart = 'no history'

export function drawCharacter(random: Random): Character {
  if (random.chance(0.5)) return random.chance(0.15) ? drawnApart : 'plain'
  return random.pick(
    characters.filter((one) => one !== 'plain' && one !== drawnApart),
  )
}

/** Who answers, and of which chain. */
export type Place = { chain: SimChain; node: SimNode }

export type Manners = {
  /** Wei per gas that no tip may be below; requests are planned for it. */
  leastTip?: bigint
  /** Wei per gas that the others pay; those of the schedule otherwise. */
  tip?: bigint
  /** Wei that a transaction pays beside its gas. */
  dataFee?: bigint
  /** Nothing has a base fee, and only transactions of the first type. */
  isLegacy?: boolean
  /** Wei that the account begins with, until somebody funds it. */
  poorBalance?: bigint
  /** Blocks that a node is always behind. */
  lagOf?(index: number): number
  /** Before a node answers anything. @throws Refusal */
  before?(place: Place): void
  /** Before a pool looks at what a client sends. @throws Refusal */
  refuse?(transaction: SimTransaction, place: Place): void
  /** What is said instead of what is so, by method. */
  answers?: Readonly<
    Record<
      string,
      (
        params: readonly unknown[],
        honest: () => unknown,
        place: Place,
      ) => unknown
    >
  >
  /** Nothing new goes wrong from now on. */
  calm?(chain: SimChain): void
}

export type MannersOptions = {
  random: Random
  scheduler: Pick<Scheduler, 'now'>
  calmMs: number
  /** Hears of each hash that a receipt was invented for. */
  invented: (hash: Hex) => void
}

export function create(character: Character, options: MannersOptions): Manners {
  return {
    ...createFees(character, options),
    ...createPools(character, options),
    ...createViews(character, options),
  }
}
