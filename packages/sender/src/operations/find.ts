import { TransactionNotFoundError } from '../errors.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline, TransactionRecord } from '../ledger/TransactionRecord.js'
import { transactionId } from '../request/canonical.js'
import type { Context } from '../transaction/Context.js'
import type { Call, Reference } from './Call.js'

/** @throws TransactionNotFoundError */
export async function findTransaction(
  { ledger }: Pick<Context, 'ledger'>,
  reference: Reference,
  { caller, deadline }: Call,
): Promise<TransactionRecord> {
  const id =
    'transactionId' in reference
      ? reference.transactionId
      : transactionId(caller, reference.idempotencyKey)
  const found = await ledger.getTransaction(id, { deadline })
  // Callers can't tell whether another caller's transaction exists.
  if (found === undefined || found.caller !== caller)
    throw new TransactionNotFoundError(reference)
  return found
}

/** The row of its nonce, while it owns it. */
export async function findRow(
  { ledger }: Pick<Context, 'ledger'>,
  transaction: Outline,
  deadline: number,
): Promise<NonceRecord | undefined> {
  const { account, nonce, id, claim, adopted } = transaction
  if (nonce === undefined) return undefined
  const row = await ledger.getNonce(account, nonce, { deadline })
  // The signatures for that nonce belong to another request, perhaps another
  // caller's.
  if (adopted) return row && { ...row, attempts: [] }
  return row?.owner === id && row.claim === claim ? row : undefined
}
