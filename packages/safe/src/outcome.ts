import type { Hex } from '@keyward/core'
import { type Rpc, RpcRefusedError } from '@keyward/core/rpc'
import * as Hash from 'ox/Hash'
import { fromString } from 'ox/Hex'
import type { SafeDomain } from './SafeTransaction.js'

/** The outcome of a transaction, according to the Safe itself. */
export type Outcome = 'success' | 'failure'

/** From a receipt or from `eth_getLogs`. */
type Log = {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}

/** Where a transaction of the Safe was executed, by any account. */
export type Execution = {
  readonly outcome: Outcome
  /** Hash of the transaction that executed it. */
  readonly transaction: Hex
  readonly block: bigint
}

const success = Hash.keccak256(fromString('ExecutionSuccess(bytes32,uint256)'))
const failure = Hash.keccak256(fromString('ExecutionFailure(bytes32,uint256)'))

/**
 * Finds what the Safe logged about this hash. A successful receipt alone proves
 * nothing: with its own gas limit, the inner call may have failed, and if there
 * is no Safe at the address, nothing ran at all.
 */
export function find(
  logs: readonly Log[],
  { safe }: Pick<SafeDomain, 'safe'>,
  safeTx: Hex,
): Outcome | undefined {
  for (const { address, topics, data } of logs) {
    if (address.toLowerCase() !== safe) continue
    const [topic] = topics
    if (topic !== success && topic !== failure) continue
    // Version 1.4.1 indexes the hash; 1.3.0 doesn't.
    const about = topics[1] ?? data.slice(0, 66)
    if (about.toLowerCase() === safeTx)
      return topic === success ? 'success' : 'failure'
  }
  return undefined
}

/**
 * Ranges in blocks. Most nodes accept the first, and nearly all accept the
 * second.
 */
const ranges = [10_000n, 1_000n]

/**
 * Searches the latest blocks for the execution of a transaction.
 *
 * @returns undefined if it was not executed in them, or the node doesn't search
 * logs
 */
export async function search(
  rpc: Rpc,
  { safe }: Pick<SafeDomain, 'safe'>,
  safeTx: Hex,
  block: bigint,
  options: { deadline?: number | undefined } = {},
): Promise<Execution | undefined> {
  for (const range of ranges) {
    const from = block < range ? 0n : block - range + 1n
    try {
      const filter = {
        address: safe,
        fromBlock: hex(from),
        toBlock: hex(block),
        topics: [[success, failure]],
      }
      const logs = (await rpc.request(
        'eth_getLogs',
        [filter],
        options,
      )) as (Log & { transactionHash: Hex; blockNumber: Hex })[]
      for (const log of logs) {
        const outcome = find([log], { safe }, safeTx)
        if (outcome !== undefined)
          return {
            outcome,
            transaction: log.transactionHash,
            block: BigInt(log.blockNumber),
          }
      }
      return undefined
    } catch (error) {
      if (!(error instanceof RpcRefusedError)) throw error
    }
  }
  return undefined
}

/**
 * Checks whether the given transaction executed it, however long ago.
 *
 * @returns undefined if it didn't, or is no longer in the chain
 */
export async function read(
  rpc: Rpc,
  { safe }: Pick<SafeDomain, 'safe'>,
  safeTx: Hex,
  transaction: Hex,
  options: { deadline?: number | undefined } = {},
): Promise<Execution | undefined> {
  const receipt = (await rpc.request(
    'eth_getTransactionReceipt',
    [transaction],
    options,
  )) as { logs?: Log[]; blockNumber?: Hex } | null
  const outcome = find(receipt?.logs ?? [], { safe }, safeTx)
  return outcome === undefined
    ? undefined
    : { outcome, transaction, block: BigInt(receipt?.blockNumber ?? '0x0') }
}

const hex = (value: bigint) => `0x${value.toString(16)}`
