import type { Receipt } from '../chain/results.js'
import * as Attempt from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import { nearUnreachable, unreachableCode } from '../nonce/unreachable.js'
import { toProblem } from './broadcast.js'
import type { Context } from './Context.js'

/** What an end is worth that only the ledger tells. */
export type Confirmation =
  /** The chain shows it, or nothing that the chain could show is told. */
  { isShown: true } | { isShown: false; problem: string }

/**
 * Whether the chain shows what a transaction's row says of its end. Who can
 * write the row could say anything; so before it is passed on, the chain is
 * asked about the bytes that are signed. Of what nothing is signed for, the
 * chain knows nothing.
 */
export async function confirmEnd(
  context: Context,
  transaction: TransactionRecord,
  row: NonceRecord | undefined,
  deadline: number,
): Promise<Confirmation> {
  if (context.ends.has(transaction)) return { isShown: true }
  const { status, final, blockHash } = transaction
  const problem = await findProblem().catch(
    (error) => `which could not be checked: ${toProblem(error)}`,
  )
  if (problem !== undefined)
    return { isShown: false, problem: `The ledger says ${status}, ${problem}` }
  if (final) context.ends.add(transaction)
  return { isShown: true }

  async function findProblem(): Promise<string | undefined> {
    if (blockHash !== undefined || status === 'mined' || status === 'replaced')
      return findInBlock(context, transaction, row, deadline)
    if (!final) return undefined
    if (['accepted', 'reserved', 'signed', 'sent'].includes(status))
      return 'and that nothing changes any more.'
    if (row === undefined || row.attempts.length === 0) return undefined
    return findUnmined(context, transaction, row, deadline)
  }
}

async function findInBlock(
  { chain, account }: Context,
  transaction: TransactionRecord,
  row: NonceRecord | undefined,
  deadline: number,
): Promise<string | undefined> {
  const { status, request, hash, adopted } = transaction
  const signed: (Attempt.Signed | undefined)[] =
    adopted && row?.foreign ? [row.foreign] : (row?.attempts ?? [])
  const found = signed.find((one) => one?.hash === hash)
  if (found === undefined)
    return 'by a transaction that is not among those signed for it.'
  const isRight =
    status === 'mined'
      ? Attempt.isOf(found, request)
      : Attempt.isNothing(found, account)
  if (!isRight)
    return `and its hash is that of a transaction which does something else.`
  const receipt = await chain.getReceipt(found.hash, { deadline })
  const block = `in block ${transaction.blockNumber ?? '?'}`
  if (receipt === undefined) return `${block}; the node has no receipt of it.`
  const names = ['blockNumber', 'blockHash', 'receiptStatus'] as const
  if (names.every((name) => receipt[name] === transaction[name]))
    return undefined
  return `${block}; the node has it ${toText(receipt)}.`
}

/** It is not mined, and what is signed for it can't be any more. */
async function findUnmined(
  { chain, account }: Context,
  { request, reason }: TransactionRecord,
  { nonce, attempts }: NonceRecord,
  deadline: number,
): Promise<string | undefined> {
  for (const attempt of attempts) {
    if (!Attempt.isOf(attempt, request)) continue
    const receipt = await chain.getReceipt(attempt.hash, { deadline })
    if (receipt !== undefined)
      return `and the node has ${attempt.hash} ${toText(receipt)}.`
  }
  const options = { deadline }
  const count = await chain.getCount(account.address, 'latest', options)
  if (nonce < count) return undefined
  const isOutOfReach =
    reason?.code === unreachableCode &&
    (nonce > count + nearUnreachable || attempts.at(-1)?.purpose === 'cancel')
  return isOutOfReach
    ? undefined
    : `and what is signed for it (nonce ${nonce}) can still be mined.`
}

function toText({ blockNumber, receiptStatus }: Receipt): string {
  return `in block ${blockNumber}, ${receiptStatus}`
}
