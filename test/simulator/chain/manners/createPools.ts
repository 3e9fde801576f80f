import type { Character, Manners, MannersOptions } from '../Manners.js'
import { Refusal } from '../Refusal.js'

/** Nodes that take nothing for a while, or not so much. */
export function createPools(
  character: Character,
  options: MannersOptions,
): Manners {
  switch (character) {
    case 'address reserved':
      return closed(options, 'address already reserved')
    case 'pool full':
      return closed(options, 'txpool is full')
    case 'delegated account':
      return delegatedAccount
    case 'rate limited':
      return rateLimited(options)
    default:
      return {}
  }
}

/** Some nodes take nothing new, again and again until all is calm. */
function closed(
  { random, scheduler, calmMs }: MannersOptions,
  says: string,
): Manners {
  const periodMs = random.between(10, 90) * 1000
  const share = random.between(30, 100) / 100
  // Of one node alone the others make up for it.
  const isOne = random.chance(0.3)
  return {
    refuse({ hash }, { node }) {
      if (isOne && node.index > 0) return
      if (scheduler.now >= calmMs) return
      if (scheduler.now % periodMs >= periodMs * share) return
      if (node.pool.has(hash) === undefined) throw new Refusal(says)
    },
  }
}

/** EIP-7702: one transaction in the pool, and none before its turn. */
const delegatedAccount: Manners = {
  answers: {
    eth_getCode: () => `0xef0100${'de'.repeat(20)}`,
  },
  refuse({ nonce }, { node }) {
    const next = node.head().nonce
    if (nonce <= next) return
    throw new Refusal(
      node.pool.get(next) === undefined
        ? 'gapped-nonce tx from delegated accounts'
        : 'in-flight transaction limit reached for delegated accounts',
    )
  },
}

/** A provider whose limit is told in words, in an answer with HTTP 200. */
function rateLimited({ random, scheduler, calmMs }: MannersOptions): Manners {
  const every = random.between(3, 8)
  return {
    // Not each third one: a run that asks as often each time would be in step.
    before() {
      const now = scheduler.now < calmMs ? every : 2 * every
      if (random.chance(1 / now)) throw new Refusal('limit exceeded', -32005)
    },
  }
}
