import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { notice, type Run } from './Run.js'

/**
 * Our transaction may have been mined, and a caller who believes otherwise
 * would pay again. So the transaction stays open until a node shows what
 * happened.
 */
export async function doubt(
  run: Run,
  { nonce }: NonceRecord,
  transaction: Outline | undefined,
): Promise<void> {
  const { context, deadline } = run
  const text = `Nonce ${nonce} is used on the chain by a transaction that this node can't show: the node has neither our transaction's receipt nor the state of old blocks. The nonce stays open until a node in RPC_URL has enough history.`
  if (context.told.isDue(`doubt ${nonce}`))
    notice(run, {
      type: 'account.external_use',
      text,
      nonce: Number(nonce),
      ...(transaction === undefined ? {} : { transactionId: transaction.id }),
    })
  if (transaction !== undefined && transaction.problem !== text)
    await context.ledger.noteProblem(transaction.id, text, { deadline })
}
