import type { HeadRecord } from '../ledger/HeadRecord.js'
import type { Lease } from '../ledger/HeadRows.js'
import { isDamage, isId, type NonceRecord } from '../ledger/NonceRecord.js'
import { assertOwn } from '../nonce/createWatch.js'
import { toProblem } from '../transaction/broadcast.js'
import { notice, type Run } from './Run.js'

/** A pause that is long enough to report. */
const longSkipMs = 5 * 60_000

/**
 * The head, if the ledger is this account's. Otherwise, nothing may be done,
 * because unknown payments would be repeated.
 */
export async function readHead(
  run: Run,
): Promise<HeadRecord | undefined | 'unknown'> {
  const { ledger, account } = run.context
  const options = { deadline: run.deadline }
  try {
    const head = await ledger.getHead(account, options)
    if (head !== undefined) {
      assertOwn(ledger, head)
      return head
    }
    if ((await ledger.highestNonce(account, options)) === undefined)
      return undefined
    notice(run, {
      type: 'ledger.incomplete',
      text: `The table "${ledger.tableName}" has rows for ${account.address} but no head (the item that records the next nonce), so nothing was done. keyward tx repair writes a new head.`,
    })
    return 'unknown'
  } catch (error) {
    const isIncomplete =
      error instanceof Error && error.name === 'LedgerIncompleteError'
    if (!isIncomplete && !isDamage(error)) throw error
    notice(run, {
      type: isIncomplete ? 'ledger.incomplete' : 'ledger.damaged',
      text: `${toProblem(error)} Nothing was done.`,
    })
    return 'unknown'
  }
}

/**
 * The nonce to begin with: the one at which the last run stopped, unless the
 * ledger contradicts it.
 */
export async function believe(
  run: Run,
  head: HeadRecord | undefined,
  finalBelow: bigint | undefined,
): Promise<bigint | undefined> {
  if (head === undefined) return undefined
  const { next } = head
  const first = head.first <= next ? head.first : 0n
  if (finalBelow === undefined || finalBelow < first) return first
  if (finalBelow <= next && (await isSettled(run, finalBelow)))
    return finalBelow
  notice(run, {
    type: 'ledger.damaged',
    text: `The reconciler's row says that every nonce below ${finalBelow} is settled. The ledger (next nonce ${next}) contradicts this, so the row is ignored.`,
  })
  return first
}

/** How many rows to check. */
const atMost = 100n

/**
 * Whether each settled nonce that the chain has not reached (after a reorg, or
 * on a lagging node) has a signature that may have been mined.
 */
async function isSettled(
  { context, view, deadline }: Run,
  finalBelow: bigint,
): Promise<boolean> {
  const { ledger, account } = context
  const from =
    view.latest + atMost < finalBelow ? finalBelow - atMost : view.latest
  if (from >= finalBelow) return true
  const rows = await ledger.listNonces(account, from, finalBelow - 1n, {
    deadline,
  })
  const owners = rows.flatMap(({ owner }) => owner ?? []).filter(isId)
  const { transactions } = await ledger.getOutlines(owners, { deadline })
  const open = new Set(
    transactions.flatMap(({ id, final }) => (final ? [] : [id])),
  )
  const isOpen = ({ owner, foreign, attempts }: NonceRecord) =>
    open.has(owner ?? '') || (attempts.length === 0 && foreign === undefined)
  return BigInt(rows.length) === finalBelow - from && !rows.some(isOpen)
}

/** Reports what the lease says about earlier runs. */
export function tellLease(run: Run, { broken, skippedSince }: Lease): void {
  const now = run.context.runtime.now()
  if (broken !== undefined)
    notice(run, {
      type: 'lease.broken',
      text: `The reconciler's lease was to last until ${toTime(broken.until)} (holder ${broken.holder.slice(0, 40)}), longer than any run lasts, so the lease was taken over. Find out who wrote that lease.`,
    })
  if (skippedSince !== undefined && now - skippedSince > longSkipMs)
    notice(run, {
      type: 'reconciler.skipped',
      text: `Since ${toTime(skippedSince)}, every run has done nothing because another reconciler was running. This run continues.`,
    })
}

function toTime(ms: number): string {
  // Dates end in the year 275760.
  return Math.abs(ms) > 8.64e15 ? `${ms} ms` : new Date(ms).toISOString()
}
