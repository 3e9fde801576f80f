import { TransactionStateError } from '../errors.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { Context } from './Context.js'
import { findMined } from './findMined.js'

/** Limits the check, to leave time for the replacement itself. */
const patienceMs = 3000

/**
 * Refuses if the transaction is already mined, so that nobody pays for a
 * useless signature, because the reconciler records a block in the ledger up to
 * a minute late. If the node doesn't answer, nothing is refused.
 *
 * @throws TransactionStateError
 */
export async function assertReplaceable(
  context: Context,
  transaction: Outline,
  row: NonceRecord,
  deadline: number,
): Promise<void> {
  const { chain, account, runtime } = context
  const until = Math.min(deadline, runtime.now() + patienceMs)
  const known = await chain
    .getCount(account.address, 'latest', { deadline: until })
    .catch(() => 0n)
  if (row.nonce >= known) return
  const found = await findMined(context, row, until).catch(() => undefined)
  throw new TransactionStateError(
    transaction,
    found === undefined
      ? `nonce ${row.nonce} is already used on the chain; the reconciler will find out which transaction used it`
      : `${found.attempt.purpose === 'cancel' ? 'a cancellation' : 'it'} was already mined in block ${found.receipt.blockNumber} (transaction hash ${found.attempt.hash})`,
  )
}
