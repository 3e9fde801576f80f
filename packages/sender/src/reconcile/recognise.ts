import * as Attempt from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { Foreign } from './findForeign.js'
import { notice, type Run } from './Run.js'

/**
 * Handles a transaction that used our nonce, is signed by our key and does what
 * the request asks for: an attempt that the ledger has lost. It is recorded as
 * an attempt, so the request counts as paid and is not paid again.
 *
 * @returns whether it is a lost attempt; if it can't be recorded, the request
 * stays open, and every run reports it
 */
export async function recognise(
  run: Run,
  row: NonceRecord,
  transaction: Outline,
  foreign: Foreign,
): Promise<boolean> {
  const { context, deadline } = run
  const { ledger, account, runtime } = context
  const { id } = transaction
  const whole = await ledger.getTransaction(id, { deadline })
  if (whole === undefined || !Attempt.isOf(foreign, whole.request)) return false
  const stored = await ledger.storeAttempt(
    account,
    row.nonce,
    { owner: id, claim: row.claim },
    {
      ...foreign,
      index: row.nextIndex,
      purpose: 'request',
      signedAt: runtime.now(),
      recognised: true,
    },
    { deadline },
  )
  notice(run, {
    type: 'ledger.damaged',
    text: `Nonce ${row.nonce} was used by ${foreign.hash}, which does what the request asks for and is signed by the key. The ledger had lost that transaction. ${stored === undefined ? 'It could not be recorded' : 'It is recorded'} for the request.`,
    nonce: Number(row.nonce),
    transactionId: id,
  })
  return true
}
