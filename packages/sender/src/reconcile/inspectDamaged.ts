import { LedgerItemError, LedgerVersionError } from '../ledger/errors.js'
import { isId, isUnsigned, type NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { findEnd } from './inspectSigned.js'
import { passBy } from './passBy.js'
import { keepAlive } from './pushPending.js'
import { type Run, tellDamage } from './Run.js'

export type State = 'settled' | 'free' | 'owned'

/**
 * A faulty row, or one whose transaction is faulty. Nothing is signed for it.
 * If nothing has been signed, the nonce is returned immediately, so that
 * nothing waits for it. Otherwise, the result on the chain is reported.
 */
export async function inspectDamaged(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  error: Error,
): Promise<State> {
  const { nonce, owner, attempts } = row
  const id = isId(owner) ? { id: owner } : {}
  tellDamage(run, { error, nonce, ...id })
  if (row.damage instanceof LedgerVersionError && row.damage.isNewer)
    return 'owned'
  if (isUnsigned(row)) return clear(run, nonce)
  const isStrange = findStranger(run, row, transaction) !== undefined
  const own = isStrange ? undefined : transaction
  if (own !== undefined) run.signed.add(own.id)
  if (own?.final === true && own.nonce === nonce && isSettled(run, nonce))
    return 'settled'
  const end = await findEnd(run, row, own)
  if (end === 'pending')
    if (attempts.length === 0) await passBy(run, row)
    else await keepAlive(run, row)
  return end === 'settled' ? 'settled' : 'owned'
}

async function clear(run: Run, nonce: bigint): Promise<State> {
  const { ledger, account } = run.context
  const options = { deadline: run.deadline }
  if (!(await ledger.clear(account, nonce, options))) return 'owned'
  // The next steps find out which transaction used it.
  if (nonce < run.view.latest) return 'owned'
  await ledger.addFree(account, nonce, options)
  return 'free'
}

/**
 * A table may serve many accounts, and each transaction is paid by its own
 * account.
 */
export function findStranger(
  { context }: Run,
  { nonce }: NonceRecord,
  transaction: Outline | undefined,
): LedgerItemError | undefined {
  if (transaction === undefined) return undefined
  const { chainId, address } = context.account
  const { account, id } = transaction
  if (account.chainId === chainId && account.address === address)
    return undefined
  return new LedgerItemError(
    `nonce ${nonce}`,
    `its owner, transaction ${id}, belongs to ${account.address} on chain ${account.chainId}`,
  )
}

/** Whether any transaction in a final block has used the nonce. */
export function isSettled({ view }: Run, nonce: bigint): boolean {
  return nonce < (view.final ?? view.latest)
}
