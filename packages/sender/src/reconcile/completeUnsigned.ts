import type { BaseError } from '@keyward/core'
import { FeeCapError } from '../fees/Fees.js'
import { external, type NonceRecord } from '../ledger/NonceRecord.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import { RpcRefusedError } from '../rpc/errors.js'
import { advance } from '../transaction/advance.js'
import { cancelUnsigned } from '../transaction/cancelUnsigned.js'
import { endUnsigned } from '../transaction/endUnsigned.js'
import { isRefusal, RequestExpiredError } from '../transaction/prepare.js'
import { isExternal } from './isExternal.js'
import { notice, type Run } from './Run.js'

/**
 * Goes on with a transaction that nothing is signed for: its process died, or
 * could not reach KMS or the node. Ends it when it is expired, cancelled, or
 * would not be mined.
 */
export async function completeUnsigned(
  run: Run,
  transaction: TransactionRecord,
): Promise<void> {
  const { context, deadline, report } = run
  if (transaction.cancelRequested) {
    const ended = await cancelUnsigned(context, transaction, deadline)
    if (ended !== undefined) report.counts.dropped++
    return
  }
  const { validUntil = Infinity } = transaction.request
  if (validUntil <= Date.now()) return expire(run, transaction)
  try {
    await advance(context, transaction, { deadline })
    report.counts.advanced++
  } catch (error) {
    // It may have got its nonce just now.
    const { id } = transaction
    const latest = await context.ledger.getTransaction(id, { deadline })
    if (latest === undefined || latest.final) return
    if (error instanceof RequestExpiredError) return expire(run, latest)
    // Fees come down again, and a node may think better of it.
    const isToWait =
      error instanceof FeeCapError || error instanceof RpcRefusedError
    if (isToWait) await letGo(run, latest)
    if (isToWait || !isRefusal(error)) throw error
    await refuse(run, latest, error)
  }
}

/** Others must not wait behind the nonce of what cannot be signed now. */
async function letGo(
  { context, deadline }: Run,
  latest: TransactionRecord,
): Promise<void> {
  const { ledger, allocator } = context
  const { id, nonce } = latest
  if (nonce === undefined) return
  if (await allocator.giveBack(nonce, id, deadline))
    await ledger.unbind(latest, { deadline })
}

async function expire(
  { context, deadline, report }: Run,
  transaction: TransactionRecord,
): Promise<void> {
  const ended = await endUnsigned(context, transaction, {
    status: 'expired',
    reason: {
      code: 'expired',
      text: 'valid_until passed before anything was signed.',
    },
    deadline,
  })
  if (ended !== undefined) report.counts.expired++
}

async function refuse(
  { context, deadline, report }: Run,
  latest: TransactionRecord,
  error: BaseError,
): Promise<void> {
  const ended = await endUnsigned(context, latest, {
    status: 'refused',
    reason: { code: error.code, text: error.shortMessage.slice(0, 300) },
    deadline,
  })
  if (ended !== undefined) report.counts.refused++
}

/**
 * Looks after a nonce that nothing is signed for.
 *
 * @returns `free` when it may be given to another, `settled` when it is used
 */
export async function inspectUnsigned(
  run: Run,
  row: NonceRecord,
  transaction: TransactionRecord | undefined,
): Promise<'owned' | 'free' | 'settled'> {
  const { context, settings, deadline } = run
  const { ledger, allocator, account } = context
  const { nonce, owner } = row
  if (owner === external) {
    if ((run.view.final ?? run.view.latest) > nonce) return 'settled'
    if (!(await isUnused(run, nonce))) return 'owned'
    // A reorg has taken it back.
    await allocator.giveBack(nonce, external, deadline)
    return 'free'
  }
  if (await giveUp(run, row, transaction)) return 'settled'
  // Used by somebody, says one node: nothing is signed for it until it is
  // proven, or was not so.
  if (nonce < run.view.latest) return 'owned'
  if (owner === undefined) {
    await ledger.addFree(account, nonce, { deadline })
    return 'free'
  }
  const isOrphan =
    transaction === undefined ||
    transaction.final ||
    (transaction.nonce !== undefined && transaction.nonce !== nonce)
  const ageMs =
    Date.now() - Math.max(row.createdAt, transaction?.updatedAt ?? 0)
  if (ageMs < settings.graceMs) return 'owned'
  if (isOrphan) {
    const freed = await allocator.giveBack(nonce, owner, deadline)
    return freed ? 'free' : 'owned'
  }
  if (transaction.nonce === undefined) {
    const bound = await ledger.bind(transaction.id, nonce, { deadline })
    // Cancelled, or bound by somebody else: the next run knows which.
    if (bound === undefined) {
      const freed = await allocator.giveBack(nonce, owner, deadline)
      return freed ? 'free' : 'owned'
    }
    await completeUnsigned(run, bound)
    return 'owned'
  }
  await completeUnsigned(run, transaction)
  return 'owned'
}

/** Asked anew, twice: the first answer may have been an old one. */
async function isUnused(
  { context, view, deadline }: Run,
  nonce: bigint,
): Promise<boolean> {
  const { chain, account } = context
  const ask = () => chain.getCount(account.address, 'latest', { deadline })
  return (
    view.latest <= nonce && (await ask()) <= nonce && (await ask()) <= nonce
  )
}

/** Whether somebody else has used the nonce; its transaction gets another one. */
async function giveUp(
  run: Run,
  row: NonceRecord,
  transaction: TransactionRecord | undefined,
): Promise<boolean> {
  const { context, deadline, report } = run
  const { ledger, account } = context
  const { nonce, owner } = row
  const hash = await isExternal(run, row)
  if (hash === undefined) return false
  const taken =
    owner === undefined
      ? await ledger.take(account, nonce, external, { deadline })
      : await ledger.handOver(account, nonce, owner, external, { deadline })
  if (!taken) return false
  await ledger.removeFree(account, nonce, { deadline })
  report.counts.external++
  notice(run, {
    type: 'account.external_use',
    text: `Nonce ${nonce} was used by a transaction that is not the ledger's (${hash}). Nothing was signed for it here; the key is in use elsewhere.`,
    nonce: Number(nonce),
  })
  if (transaction !== undefined && transaction.nonce === nonce)
    await ledger.unbind(transaction, { deadline })
  return true
}
