import { external, type NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { completeUnsigned } from './completeUnsigned.js'
import { doubt } from './doubt.js'
import { hasLostRows } from './hasLostRows.js'
import { isExternal } from './isExternal.js'
import { ageMs as ageOf, notice, type Run } from './Run.js'
import { recognise } from './recognise.js'
import { longMs, tellStuck } from './tell.js'

/**
 * Processes a nonce without a signature.
 *
 * @returns `free` if it may be assigned again, `settled` if it is used
 */
export async function inspectUnsigned(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
): Promise<'owned' | 'free' | 'settled'> {
  const { context, settings, deadline } = run
  const { ledger, allocator, account } = context
  const { nonce, owner, claim } = row
  if (owner === external) {
    if ((run.view.final ?? run.view.latest) > nonce) return 'settled'
    if (!(await isUnused(run, nonce))) return 'owned'
    if (await isWaiting(run, row)) {
      tellWaiting(run, row)
      return 'owned'
    }
    // A reorg has undone the nonce's use.
    const from = { owner: external, claim }
    const isFree = await allocator.giveBack(nonce, from, deadline)
    return isFree ? 'free' : 'owned'
  }
  if (await giveUp(run, row, transaction)) return 'settled'
  // One node reports the nonce as used, so sign nothing until that is proven or
  // withdrawn.
  if (nonce < run.view.latest) return 'owned'
  if (owner === undefined) {
    // Without this check, hundreds of free nonces would cause as many writes in
    // each run.
    if (!run.head?.free.includes(nonce))
      await ledger.addFree(account, nonce, { deadline })
    return 'free'
  }
  const isOrphan =
    transaction === undefined ||
    transaction.final ||
    (transaction.nonce !== undefined &&
      (transaction.nonce !== nonce || transaction.claim !== claim))
  const ageMs = Math.min(
    ageOf(run, row.createdAt),
    ageOf(run, transaction?.updatedAt ?? 0),
  )
  if (ageMs < settings.graceMs) return 'owned'
  if (isOrphan) {
    const freed = await allocator.giveBack(nonce, { owner, claim }, deadline)
    return freed ? 'free' : 'owned'
  }
  if (transaction.nonce === undefined) {
    const bound = await ledger.bind(transaction.id, nonce, claim, { deadline })
    // The transaction was cancelled, or bound by another process. The next run
    // finds out.
    if (bound === undefined) {
      const freed = await allocator.giveBack(nonce, { owner, claim }, deadline)
      return freed ? 'free' : 'owned'
    }
    await completeUnsigned(run, bound)
    return 'owned'
  }
  await completeUnsigned(run, transaction)
  return 'owned'
}

/** Whether a node has the outside transaction, which may still be mined. */
async function isWaiting(
  { context, deadline }: Run,
  { foreign }: NonceRecord,
): Promise<boolean> {
  if (foreign === undefined) return false
  return context.chain.hasTransaction(foreign.hash, { deadline })
}

/**
 * Reports an outside transaction that waits. Its fee can't be raised here, and
 * everything behind it waits too.
 */
function tellWaiting(run: Run, { nonce, foreign }: NonceRecord): void {
  if (foreign === undefined || ageOf(run, foreign.foundAt) < longMs) return
  if (!run.context.told.isDue(`waits ${nonce}`)) return
  tellStuck(
    run,
    { nonce },
    undefined,
    `Transaction ${foreign.hash} is not in this ledger, and has waited in the pool for an hour, so later transactions wait too. Send it again at higher fees from the wallet that sent it, or send a zero-value transfer with nonce ${nonce}.`,
  )
}

/** Asks two more times, because the first answer may have been outdated. */
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

/**
 * Checks whether an outside transaction used the nonce. If so, the owner gets
 * another nonce.
 */
async function giveUp(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
): Promise<boolean> {
  const { context, deadline, report } = run
  const { ledger, account } = context
  const { nonce, owner, claim } = row
  const foreign = await isExternal(run, row)
  if (foreign === undefined) return false
  const isBound = transaction?.nonce === nonce && transaction.claim === claim
  if (foreign === 'unknown' && hasLostRows(run)) {
    await doubt(run, row, isBound ? transaction : undefined)
    return false
  }
  if (foreign !== 'unknown' && isBound)
    if (await recognise(run, row, transaction, foreign)) return false
  // Recorded so that requests are compared with it if the ledger turns out to
  // lack rows.
  if (foreign !== 'unknown')
    await ledger.addAdopted(account, foreign, { deadline })
  const taken = await ledger.handOver(
    account,
    nonce,
    owner === undefined ? undefined : { owner, claim },
    foreign === 'unknown' ? undefined : foreign.raw,
    { deadline },
  )
  if (!taken) return false
  await ledger.removeFree(account, nonce, { deadline })
  report.counts.external++
  run.foreign.push(nonce)
  notice(run, {
    type: 'account.external_use',
    text: `Nonce ${nonce} was used by a transaction that is not in the ledger (${foreign === 'unknown' ? foreign : foreign.hash}). Nothing was signed for that nonce here; another program uses the key.`,
    nonce: Number(nonce),
  })
  if (isBound) await ledger.unbind(transaction, { deadline })
  return true
}
