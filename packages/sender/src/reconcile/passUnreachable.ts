import type { HeadRecord } from '../ledger/HeadRecord.js'
import { isId, type NonceRecord } from '../ledger/NonceRecord.js'
import { nearUnreachable, unreachableCode } from '../nonce/unreachable.js'
import { replace } from '../transaction/replace.js'
import { attempt, hasTime, notice, type Run } from './Run.js'

const pageSize = 100

/**
 * Repair may have left rows far above the head that a false head had assigned,
 * and refused their requests. Before the chain reaches such a nonce, a cancel
 * replaces whatever was signed for it.
 */
export async function passUnreachable(
  run: Run,
  { next }: HeadRecord,
): Promise<void> {
  const { context, deadline } = run
  const { ledger, account } = context
  for (let from = next; hasTime(run); ) {
    const rows = await ledger.findNonces(account, from, pageSize, { deadline })
    const near = rows.filter(({ nonce }) => nonce - next <= nearUnreachable)
    for (const row of await listPayments(run, near))
      if (hasTime(run))
        await attempt(run, { nonce: row.nonce }, () => sign(run, row))
    const last = near.at(-1)
    if (last === undefined || near.length < rows.length) return
    from = last.nonce + 1n
  }
}

/** Rows that would still pay, although their requests were refused. */
async function listPayments(
  { context, deadline }: Run,
  rows: readonly NonceRecord[],
): Promise<NonceRecord[]> {
  const payments = rows.filter(
    ({ owner, attempts, damage }) =>
      isId(owner) &&
      damage === undefined &&
      attempts.at(-1)?.purpose === 'request',
  )
  const owners = payments.flatMap(({ owner }) => owner ?? [])
  const { transactions } = await context.ledger.getOutlines(owners, {
    deadline,
  })
  const refused = new Set(
    transactions.flatMap(({ id, reason }) =>
      reason?.code === unreachableCode ? [id] : [],
    ),
  )
  return payments.filter(({ owner }) => refused.has(owner ?? ''))
}

async function sign(run: Run, row: NonceRecord): Promise<void> {
  const { context, deadline, report } = run
  const { nonce, owner = '' } = row
  const pricing = { speed: 'fast' } as const
  const purpose = 'cancel' as const
  await replace(context, row, { owner, purpose, pricing, deadline })
  report.counts.cancelled++
  notice(run, {
    type: 'account.gap_filled',
    text: `Nonce ${nonce} was assigned from a wrong ledger head, so a cancellation now replaces the transaction.`,
    nonce: Number(nonce),
    transactionId: owner,
  })
}
