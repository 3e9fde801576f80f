import { bannedBytes } from './bannedBytes.js'
import { borLike } from './borLike.js'
import { bscLike } from './bscLike.js'
import { cosmosLike } from './cosmosLike.js'
import { delegatedAccount } from './delegatedAccount.js'
import { disagreeingPair } from './disagreeingPair.js'
import { emptyBlocks } from './emptyBlocks.js'
import { externalUseLiar } from './externalUseLiar.js'
import { fullPool } from './fullPool.js'
import { gasCap } from './gasCap.js'
import { laggingBalancer } from './laggingBalancer.js'
import { laggingPair } from './laggingPair.js'
import { metisLike } from './metisLike.js'
import { moonbeamLike } from './moonbeamLike.js'
import { noFeeHistory } from './noFeeHistory.js'
import { noStatus } from './noStatus.js'
import { opLike } from './opLike.js'
import { publicNode } from './publicNode.js'
import { rateLimited } from './rateLimited.js'
import { receiptLiar } from './receiptLiar.js'
import { scrollLike } from './scrollLike.js'
import type { Upstream } from './serveNode.js'
import { strictPool } from './strictPool.js'
import { twoPools } from './twoPools.js'
import { withholder } from './withholder.js'

const kinds = {
  'banned-bytes': bannedBytes,
  'bor-like': borLike,
  'bsc-like': bscLike,
  'cosmos-like': cosmosLike,
  'delegated-account': delegatedAccount,
  'disagreeing-pair': disagreeingPair,
  'empty-blocks': emptyBlocks,
  'external-use-liar': externalUseLiar,
  'full-pool': fullPool,
  'gas-cap': gasCap,
  'lagging-balancer': laggingBalancer,
  'lagging-pair': laggingPair,
  'metis-like': metisLike,
  'moonbeam-like': moonbeamLike,
  'no-fee-history': noFeeHistory,
  'no-status': noStatus,
  'op-like': opLike,
  'public-node': publicNode,
  'rate-limited': rateLimited,
  'receipt-liar': receiptLiar,
  'scroll-like': scrollLike,
  'strict-pool': strictPool,
  'two-pools': twoPools,
  withholder,
} satisfies Record<string, (upstream: Upstream, options?: never) => unknown>

export type NodeKind = keyof typeof kinds

type Started<kind extends NodeKind> = Awaited<
  ReturnType<(typeof kinds)[kind]>
> & {
  /** One, or the two of a pair. */
  urls: string[]
}

/**
 * A node that does what nodes of that kind do to senders, before a real chain
 * (anvil, which takes nearly everything) or another stand-in.
 */
export async function startNode<kind extends NodeKind>(
  kind: kind,
  upstream: Upstream,
  options?: Parameters<(typeof kinds)[kind]>[1],
): Promise<Started<kind>> {
  const start = kinds[kind] as (
    upstream: Upstream,
    options?: unknown,
  ) => Promise<{ url: string; urls?: string[] }>
  const node = await start(upstream, options)
  return Object.assign(node, {
    urls: node.urls ?? [node.url],
  }) as Started<kind>
}
