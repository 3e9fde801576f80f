import * as Attempt from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { Foreign } from './findForeign.js'
import { isAgreedForeign } from './isAgreed.js'
import { notice, type Run } from './Run.js'
import { recognise } from './recognise.js'

/**
 * Ends a transaction whose nonce is used, so that our signed versions can no
 * longer be mined.
 */
export async function drop(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  foreign: Foreign,
): Promise<boolean> {
  const { context, deadline, report } = run
  const { nonce } = row
  const { hash } = foreign
  // Another process may have signed and stored the transaction since this row
  // was read.
  const options = { deadline }
  const now = await context.ledger.getNonce(context.account, nonce, options)
  const { account } = context
  const own = now?.attempts.find((attempt) => attempt.hash === hash)
  const isOwn =
    own !== undefined &&
    (transaction === undefined ||
      Attempt.mayBeOf(own, transaction.request, account))
  if (isOwn) return false
  if (transaction !== undefined && !transaction.final) {
    if (await recognise(run, row, transaction, foreign)) return false
    if (!(await isAgreedForeign(run, transaction, foreign))) return false
  }
  // Recorded so that requests are compared with it if the ledger turns out to
  // lack rows.
  await context.ledger.addAdopted(account, foreign, options)
  const text = `Nonce ${nonce} was used by a transaction that is not in the ledger (${hash}): another program uses the key.`
  // The transaction's signatures belong to its own nonce, whatever this row
  // says.
  const isOfRow = transaction?.nonce === nonce
  if (transaction !== undefined && !transaction.final && isOfRow) {
    const ended = await context.ledger.finish(
      transaction.id,
      {
        status: 'dropped',
        reason: { code: 'external-use', text },
        notify: context.notify,
      },
      { deadline },
    )
    if (ended !== undefined) {
      report.counts.dropped++
      context.ends.add(ended)
    }
  }
  // After a reorg beyond the final depth, the bytes can be sent again.
  await context.ledger.addProof(account, nonce, foreign.raw, options)
  report.counts.external++
  run.foreign.push(nonce)
  notice(run, {
    type: 'account.external_use',
    text,
    nonce: Number(nonce),
    ...(transaction === undefined ? {} : { transactionId: transaction.id }),
  })
  return true
}
