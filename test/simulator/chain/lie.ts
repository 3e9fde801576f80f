import type { Random } from '../random.js'
import type { SimChain } from './createSimChain.js'
import type { SimNode } from './createSimNode.js'
import { Refusal } from './Refusal.js'
import { type Hex, quantity } from './SimTransaction.js'

/** What a node may say that is not so. */
export const lies = [
  'count a little too high',
  'count far too high',
  'count too low',
  'receipt hidden',
  'receipt invented',
  'external use invented',
  'transaction hidden',
  'transaction invented',
  'balance hidden',
  'call refused',
  'other chain',
  'other hash',
  'send refused',
] as const
export type Lie = (typeof lies)[number]

const farTooHigh = 10 ** 15

const refusals = [
  'already known',
  'nonce too low',
  'replacement transaction underpriced',
  'insufficient funds for gas * price + value',
  'transaction underpriced',
  'txpool is full',
]

/**
 * The answer as a node that lies gives it; the same where the lie is about
 * something else.
 *
 * @throws Refusal
 */
export function tellLie(
  how: Lie,
  question: { method: string; params: readonly unknown[]; result: unknown },
  parties: {
    chain: SimChain
    node: SimNode
    random: Random
    /** Hears of each hash that a receipt was invented for. */
    invented: (hash: Hex) => void
  },
): unknown {
  const { method, params, result } = question
  const { chain, node, random, invented } = parties
  const head = node.head()
  const foreignHash = `0x${'f0'.repeat(32)}`
  const nonce = () => Number(result)
  const lies: Record<Lie, Partial<Record<string, () => unknown>>> = {
    'count a little too high': {
      eth_getTransactionCount: () => quantity(nonce() + random.between(1, 6)),
    },
    'count far too high': {
      eth_getTransactionCount: () => quantity(farTooHigh),
    },
    'count too low': {
      eth_getTransactionCount: () =>
        quantity(Math.max(0, nonce() - random.between(1, 5))),
    },
    'receipt hidden': { eth_getTransactionReceipt: () => null },
    'receipt invented': {
      eth_getTransactionReceipt() {
        const [hash] = params as [Hex]
        invented(hash)
        return {
          transactionHash: hash,
          blockNumber: quantity(head.number - random.below(20)),
          blockHash: random.chance(0.5) ? head.hash : foreignHash,
          status: '0x1',
          transactionIndex: '0x0',
        }
      },
    },
    'external use invented': {
      eth_getTransactionCount: () => quantity(nonce() + 2),
      eth_getBlockByNumber: () =>
        params[1] !== true || result === null
          ? result
          : {
              ...(result as object),
              transactions: [0, 1, 2].map((more) => ({
                hash: foreignHash,
                from: chain.options.address,
                nonce: quantity(head.nonce + more),
                to: `0x${'77'.repeat(20)}`,
                value: '0x1',
                input: '0x',
                chainId: quantity(chain.options.chainId),
                type: '0x2',
                gas: '0x5208',
                maxFeePerGas: '0x3b9aca00',
                maxPriorityFeePerGas: '0x1',
                accessList: [],
                r: `0x${'11'.repeat(32)}`,
                s: `0x${'22'.repeat(32)}`,
                v: '0x0',
                yParity: '0x0',
              })),
            },
    },
    'transaction hidden': {
      eth_getTransactionByHash: () => null,
      eth_getRawTransactionByHash: () => null,
    },
    'transaction invented': {
      eth_getTransactionByHash: () =>
        result ?? {
          hash: params[0],
          from: chain.options.address,
          blockNumber: null,
        },
    },
    'balance hidden': { eth_getBalance: () => '0x0' },
    'call refused': {
      eth_estimateGas: () => new Refusal('execution reverted', 3, '0x'),
    },
    'other chain': { eth_chainId: () => '0x2' },
    'other hash': { eth_sendRawTransaction: () => foreignHash },
    'send refused': {
      eth_sendRawTransaction: () => new Refusal(random.pick(refusals)),
    },
  }
  const told = lies[how][method]
  return told === undefined ? result : told()
}
