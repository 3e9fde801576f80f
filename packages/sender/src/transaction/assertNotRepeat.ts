import { BaseError, EtherAmount } from '@keyward/core'
import type { AdoptedRecord } from '../ledger/AdoptedRecord.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import type { Context } from './Context.js'

/**
 * A repaired ledger contains transactions whose requests are unknown. A request
 * with the same effect as one of these transactions may be a repeat.
 *
 * @throws PossibleRepeatError, LedgerIncompleteError
 */
export async function assertNotRepeat(
  { ledger, account, watch }: Context,
  { request, createdAt }: Pick<TransactionRecord, 'request' | 'createdAt'>,
  deadline: number,
): Promise<void> {
  const { head } = await watch.assertComplete({ deadline })
  if (!head.hasAdopted) return
  const all = await ledger.findAdopted(account, request, { deadline })
  // The caller's confirmation covers only transactions found by then. A
  // transaction found later may be this very request, paid after the backup in
  // which the request still waits.
  const found = request.notARepeat
    ? all.filter(({ foundAt }) => foundAt > createdAt)
    : all
  const ids = found.flatMap(({ claimedBy }) => claimedBy ?? [])
  const { transactions } = await ledger.getOutlines(ids, { deadline })
  // A claim counts only if its request's row agrees, because the claimer may
  // have died before writing the row.
  const isOver = ({ hash, claimedBy }: AdoptedRecord) =>
    transactions.some(
      (one) => one.id === claimedBy && one.adopted && one.hash === hash,
    )
  const open = found.find((one) => !isOver(one))
  if (open !== undefined) throw new PossibleRepeatError(open)
}

/** The request has the same effect as an unclaimed transaction on the chain. */
export class PossibleRepeatError extends BaseError {
  /** Hash of that transaction. */
  readonly hash: string

  constructor({ hash, nonce, to, value }: AdoptedRecord) {
    super(
      'possible-repeat',
      `The same transaction was sent before: ${EtherAmount.fromWei(value)} ether to ${to ?? 'a new contract'} with nonce ${nonce} (transaction hash ${hash}), but the ledger does not know for which request.`,
      {
        details: `Nothing was signed. If that transaction belongs to this request, have an operator run keyward tx adopt ${hash} --caller ALIAS --as KEY. To pay once more anyway, send the request with not_a_repeat: true and a new idempotency key.`,
      },
    )
    this.name = 'PossibleRepeatError'
    this.hash = hash
  }
}
