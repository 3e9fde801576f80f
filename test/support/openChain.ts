import { createRpc } from '../../packages/sender/src/index.js'
import type { NodeKind } from './nodes/startNode.js'
import { startNode } from './nodes/startNode.js'
import { chainId, openSenderHome, toRequest } from './openSenderHome.js'

const payee = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'

/** A sender's home whose chain answers as nodes of a kind do. */
export async function openChain() {
  const home = await openSenderHome()
  return {
    ...home,
    /** Where a kind of node stands before the chain. */
    async start<kind extends NodeKind>(
      kind: kind,
      options?: Parameters<typeof startNode<kind>>[2],
    ) {
      const node = await startNode(kind, home.anvil, options)
      const rpc = createRpc({ urls: node.urls, chainId })
      return { node, rpc }
    },
    /** The payee's balance above what anvil gives it. */
    paid: async () => (await home.anvil.balance(payee)) - 10_000n * 10n ** 18n,
    get: (transactionId: string) => home.newSender().get({ transactionId }),
    mine: () => home.anvil.call('anvil_mine', ['0x1']),
    /** Time goes on, and so does the chain. */
    async pass(seconds: number) {
      await home.anvil.call('evm_increaseTime', [seconds])
      await home.anvil.call('anvil_mine', ['0x1'])
    },
  }
}

export { toRequest }
