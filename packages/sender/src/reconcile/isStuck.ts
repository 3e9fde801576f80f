import type { Attempt } from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { findMined } from '../transaction/findMined.js'
import { isTaken } from '../transaction/findTaken.js'
import { ageMs as ageOf, type Run } from './Run.js'

/**
 * Without a reason in the fees, waiting before a bump takes this many times
 * longer.
 */
const withoutReason = 5

/**
 * Whether higher fees are likely to get a transaction mined. False if no pool
 * has accepted a transaction whose fee covers the base fee: the next broadcast
 * will be refused with a reason, which says more.
 */
export async function isStuck(
  run: Run,
  row: NonceRecord,
  newest: Attempt,
  transaction: Outline | undefined,
): Promise<boolean> {
  const isSlow = await looksStuck(run, row, newest, transaction)
  return isSlow && !(await isUsed(run, row))
}

/**
 * The run's view may come from a lagging node or be a minute old. So ask again
 * before paying for a signature that can't be mined.
 */
async function isUsed(
  { context, deadline }: Run,
  row: NonceRecord,
): Promise<boolean> {
  const { chain, account } = context
  const count = await chain.getCount(account.address, 'latest', { deadline })
  if (row.nonce < count) return true
  return (await findMined(context, row, deadline)) !== undefined
}

async function looksStuck(
  run: Run,
  { nonce }: NonceRecord,
  newest: Attempt,
  transaction: Outline | undefined,
): Promise<boolean> {
  const { context, settings, view, deadline } = run
  const ageMs = ageOf(run, newest.signedAt)
  if (ageMs < settings.stuckAfterMs) return false
  const market = await context.market({ deadline })
  const { baseFee } = market
  if (baseFee !== undefined && newest.maxFeePerGas < baseFee) return true
  // Only the chain's next nonce is bumped; later ones wait for it.
  if (nonce !== view.latest) return false
  if (!(await isTaken(context, newest, transaction, deadline))) return false
  if (market.baseFee === undefined) {
    if (newest.maxFeePerGas < market.gasPrice) return true
  } else {
    const tip = market.tips[transaction?.request.speed ?? 'normal']
    const isCheap =
      newest.maxFeePerGas < market.baseFee + tip ||
      newest.maxPriorityFeePerGas < tip
    if (isCheap) return true
  }
  // If the chain has stopped, a higher fee doesn't help, and the tip would be
  // paid later.
  const hasMoved = view.minedAt > newest.signedAt
  return hasMoved && ageMs > settings.stuckAfterMs * withoutReason
}
