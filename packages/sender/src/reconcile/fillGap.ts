import { filler, type NonceRecord } from '../ledger/NonceRecord.js'
import { replace } from '../transaction/replace.js'
import { notice, type Run } from './Run.js'

/** Reserves a free nonce and fills it. */
export async function fillGap(run: Run, nonce: bigint): Promise<void> {
  const { context, deadline } = run
  const { ledger, account } = context
  const claim = await ledger.take(account, nonce, filler, { deadline })
  if (claim === undefined) return
  await ledger.removeFree(account, nonce, { deadline })
  const row = await ledger.getNonce(account, nonce, { deadline })
  if (row?.claim === claim) await signFiller(run, row)
}

/**
 * Signs a zero-value transfer to the account itself, the cheapest way past a
 * gap.
 */
export async function signFiller(run: Run, row: NonceRecord): Promise<void> {
  const { context, deadline, report } = run
  const replacement = await replace(context, row, {
    owner: row.owner ?? filler,
    purpose: 'filler',
    pricing: { speed: 'normal' },
    deadline,
  })
  if (replacement === undefined) return
  report.counts.filled++
  notice(run, {
    type: 'account.gap_filled',
    text: `Nonce ${row.nonce} was assigned and returned, and later transactions waited for it, so it was filled with a zero-value transfer (${replacement.attempt.hash}).`,
    nonce: Number(row.nonce),
  })
}
