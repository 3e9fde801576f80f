import type { HeadRecord } from '../ledger/HeadRecord.js'
import { isId } from '../ledger/NonceRecord.js'
import { nearUnreachable, unreachableCode } from '../nonce/unreachable.js'
import { replace } from '../transaction/replace.js'
import { attempt, notice, type Run } from './Run.js'

const atMost = 5

/**
 * Repair may have left rows far above the head, from a head that was false, and
 * told their requests to be refused. Before the chain comes to such a nonce, a
 * cancel takes the place of what is signed there.
 */
export async function passUnreachable(
  run: Run,
  { next }: HeadRecord,
): Promise<void> {
  const { context, deadline } = run
  const { ledger, account } = context
  const rows = await ledger.findNonces(account, next, atMost, { deadline })
  for (const row of rows) {
    const { owner, nonce, attempts, damage } = row
    if (nonce - next > nearUnreachable || !isId(owner) || damage !== undefined)
      continue
    if (attempts.at(-1)?.purpose !== 'request') continue
    const { transactions } = await ledger.getOutlines([owner], { deadline })
    if (transactions[0]?.reason?.code !== unreachableCode) continue
    await attempt(run, { nonce }, async () => {
      const pricing = { speed: 'fast' } as const
      const purpose = 'cancel' as const
      await replace(context, row, { owner, purpose, pricing, deadline })
      run.report.counts.cancelled++
      notice(run, {
        type: 'account.gap_filled',
        text: `Nonce ${nonce} was given by a head that was false; a cancel is signed for it before the chain comes to it.`,
        nonce: Number(nonce),
        transactionId: owner,
      })
    })
  }
}
