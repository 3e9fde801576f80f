import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { toProblem } from './broadcast.js'
import type { Context } from './Context.js'

/** What an end is worth that only the ledger tells. */
export type Confirmation =
  /** The chain shows it, or the row tells of no block. */
  { isShown: true; record: Outline } | { isShown: false; problem: string }

/**
 * Whether the chain shows what a transaction's row says of a block. Who can
 * write the row could say anything; so before it is passed on, the receipt is
 * asked for, of the hash of the bytes that are signed.
 */
export async function confirmEnd(
  context: Context,
  transaction: Outline,
  row: NonceRecord | undefined,
  deadline: number,
): Promise<Confirmation> {
  const { id, status, blockHash, blockNumber, adopted } = transaction
  const isOfBlock = blockHash !== undefined || status === 'mined'
  if (!isOfBlock || context.ends.has(id, transaction.hash))
    return { isShown: true, record: transaction }
  const signed = adopted ? row?.foreign : undefined
  const hashes = signed
    ? [signed.hash]
    : (row?.attempts.map(({ hash }) => hash) ?? [])
  const hash = hashes.find((one) => one === transaction.hash)
  if (hash === undefined)
    return {
      isShown: false,
      problem: `The ledger says ${status}, by a transaction that is not among those signed for it.`,
    }
  const purpose = row?.attempts.find((one) => one.hash === hash)?.purpose
  if ((status === 'mined') !== (signed !== undefined || purpose === 'request'))
    return {
      isShown: false,
      problem: `The ledger says ${status}, by a ${purpose ?? 'transaction of others'}.`,
    }
  try {
    const receipt = await context.chain.getReceipt(hash, { deadline })
    if (receipt === undefined)
      return {
        isShown: false,
        problem: `The ledger says ${status} in block ${blockNumber ?? '?'}; the node has no receipt of it.`,
      }
    // A reorg may have put the same bytes into another block.
    if (transaction.final) context.ends.add(id, hash)
    return { isShown: true, record: { ...transaction, ...receipt } }
  } catch (error) {
    return {
      isShown: false,
      problem: `The ledger says ${status}, which could not be checked: ${toProblem(error)}`,
    }
  }
}
