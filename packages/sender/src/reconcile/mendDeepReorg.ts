import type * as Attempt from '../ledger/Attempt.js'
import { filler, isId, type NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { broadcast } from '../transaction/broadcast.js'
import { attempt, hasTime, notice, type Run } from './Run.js'

/** How many nonces a run repairs. */
const atMost = 100n

/**
 * Handles a chain that has used fewer nonces than are settled. If the chain is
 * higher than the block with the first of them, a reorg went beyond the final
 * depth: the same bytes are sent again, which can't pay twice. A lagging node,
 * or a chain that was reset, has not reached that block.
 *
 * @returns whether it was a reorg
 */
export async function mendDeepReorg(run: Run, from: bigint): Promise<boolean> {
  const { context, deadline, view, settings } = run
  const { ledger, account } = context
  const end = view.latest + atMost < from ? view.latest + atMost : from
  const options = { deadline }
  const rows = await ledger.listNonces(account, view.latest, end - 1n, options)
  const owners = rows.flatMap(({ owner }) => owner ?? []).filter(isId)
  const outlines = await ledger.getOutlines(owners, options)
  const transactions = new Map(
    outlines.transactions.map((one) => [one.id, one]),
  )
  const mined = rows.map(({ owner }) => transactions.get(owner ?? ''))
  const first = mined.find((one) => one?.blockNumber !== undefined)
  const block = first?.blockNumber
  // For fillers and outside transactions, the time is known, but not the block.
  const founds = rows.map(
    ({ foreign, owner, attempts }) =>
      foreign?.foundAt ??
      (owner === filler ? attempts.at(-1)?.signedAt : undefined) ??
      0,
  )
  const isPast =
    block === undefined
      ? Math.max(0, ...founds) > 0 && view.minedAt > Math.max(...founds)
      : view.block >= block + BigInt(settings.confirmations)
  if (!isPast) return false
  if (block !== undefined) {
    // The count may come from a node that lags behind the node that returned
    // the blocks.
    const now = await context.chain
      .getBlock(block, { deadline })
      .catch(() => undefined)
    if (now === undefined || now.hash === first?.blockHash) return false
  }
  for (const [index, row] of rows.entries()) {
    const transaction = mined[index]
    const isOurs =
      transaction?.blockNumber !== undefined || row.owner === filler
    if (!hasTime(run)) break
    const again = isOurs ? findAttempt(row, transaction) : row.foreign
    if (again === undefined) {
      tellGone(run, row.nonce)
      break
    }
    await attempt(run, { nonce: row.nonce }, () =>
      sendAgain(run, again, transaction),
    )
  }
  return true
}

/** The attempt that was in the block. */
function findAttempt(
  { attempts }: NonceRecord,
  transaction: Outline | undefined,
): Attempt.Attempt | undefined {
  return transaction === undefined
    ? attempts.at(-1)
    : attempts.find(({ hash }) => hash === transaction.hash)
}

/**
 * Reports an outside transaction that is gone. Callers were informed that the
 * transaction given up for it is not paid.
 */
function tellGone(run: Run, nonce: bigint): void {
  notice(run, {
    type: 'transaction.reorged',
    text: `A transaction of another wallet used nonce ${nonce}, in a block that counted as final and is no longer in the chain. The ledger doesn't have the transaction's bytes, and later transactions wait. Send it again from that wallet, or send a zero-value transfer with that nonce.`,
    nonce: Number(nonce),
  })
}

async function sendAgain(
  run: Run,
  again: Attempt.Signed & Pick<Attempt.Attempt, 'raw'>,
  transaction: Outline | undefined,
): Promise<void> {
  const { context, deadline, report } = run
  const { nonce } = again
  const what =
    transaction?.blockNumber === undefined
      ? 'a block'
      : `block ${transaction.blockNumber}`
  report.counts.reorged++
  notice(run, {
    type: 'transaction.reorged',
    text: `The transaction was in ${what}, which counted as final and is no longer in the chain. The same bytes are sent again. To wait for more blocks, raise CONFIRMATIONS.`,
    nonce: Number(nonce),
    ...(transaction === undefined ? {} : { transactionId: transaction.id }),
  })
  const outcome = await broadcast(context, again, deadline)
  if (outcome.sent) report.counts.resent++
}
