import type { SimNode } from '../createSimNode.js'
import type { Character, Manners, MannersOptions, Place } from '../Manners.js'
import { Refusal } from '../Refusal.js'
import { quantity } from '../SimTransaction.js'
import { externalUseLiar, receiptLiar } from './createLiars.js'

/** Nodes that show less than there is, or something else. */
export function createViews(
  character: Character,
  options: MannersOptions,
): Manners {
  switch (character) {
    case 'no status':
      return noStatus
    case 'lagging pair': {
      const blocks = options.random.between(1, 6)
      return { lagOf: (index) => (index === 1 ? blocks : 0) }
    }
    case 'lagging balancer':
      return laggingBalancer(options)
    case 'disagreeing pair':
      return disagreeingPair(options)
    case 'receipt liar':
      return receiptLiar(options)
    case 'external use liar':
      return externalUseLiar(options)
    case 'no history':
      return noHistory(options)
    default:
      return {}
  }
}

/** As many as count as final, at most. */
const statesKept = 12

/** Full nodes keep the states of the last blocks; an archive comes with calm. */
function noHistory({ scheduler, calmMs }: MannersOptions): Manners {
  const forget = (
    [, tag]: readonly unknown[],
    honest: () => unknown,
    { node }: Place,
  ) => {
    const isOld = Number(tag) <= node.head().number - statesKept
    if (isOld && scheduler.now < calmMs) throw new Refusal('missing trie node')
    return honest()
  }
  return {
    answers: { eth_getTransactionCount: forget, eth_getBalance: forget },
  }
}

/** Receipts as before Byzantium: no word on the outcome. */
const noStatus: Manners = {
  answers: {
    eth_getTransactionReceipt(_, honest) {
      const receipt = honest()
      if (receipt === null) return null
      const { status, ...rest } = receipt as Record<string, unknown>
      return { ...rest, root: `0x${'00'.repeat(32)}` }
    },
  },
}

/** One URL, two nodes behind it: each second call is answered by the slow one. */
function laggingBalancer({ random }: MannersOptions): Manners {
  const blocks = random.between(1, 6)
  const isSlow = new Map<SimNode, boolean>()
  return {
    before({ node }) {
      isSlow.set(node, !isSlow.get(node))
      node.usualLag = isSlow.get(node) ? blocks : 0
    },
  }
}

/** The second node tells another story of what was mined, until all is calm. */
function disagreeingPair({ scheduler, calmMs }: MannersOptions): Manners {
  const tell =
    (change: (found: Record<string, unknown>) => object) =>
    (_: readonly unknown[], honest: () => unknown, { node }: Place) => {
      const found = honest() as Record<string, unknown> | null
      if (found === null || node.index !== 1 || scheduler.now >= calmMs)
        return found
      return { ...found, ...change(found) }
    }
  const otherHash = (found: Record<string, unknown>) =>
    typeof found.blockHash === 'string'
      ? { blockHash: another(found.blockHash) }
      : {}
  return {
    answers: {
      eth_getTransactionReceipt: tell((found) => ({
        ...otherHash(found),
        status: found.status === '0x1' ? '0x0' : quantity(1),
      })),
      eth_getTransactionByHash: tell(otherHash),
      eth_getBlockByNumber: tell(({ hash }) => ({
        hash: another(String(hash)),
      })),
    },
  }
}

const another = (hash: string) => `0x${[...hash.slice(2)].reverse().join('')}`
