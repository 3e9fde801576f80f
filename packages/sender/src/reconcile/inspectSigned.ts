import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { findMined } from '../transaction/findMined.js'
import type { Foreign } from './findForeign.js'
import { isExternal } from './isExternal.js'
import { pushPending } from './pushPending.js'
import { notice, type Run } from './Run.js'
import { recognise } from './recognise.js'
import { settleMined, unsettle } from './settle.js'

/**
 * Looks after a nonce that something is signed for.
 *
 * @returns whether it is settled for good
 */
export async function inspectSigned(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
): Promise<boolean> {
  const { view } = run
  const { nonce } = row
  const wasMined = transaction?.blockHash !== undefined
  // What the chain has not come to yet has no receipt, unless that answer is
  // old; whatever is done about it begins with asking for the receipt.
  const found =
    nonce < view.latest || wasMined || isOld(run, row)
      ? await findMined(run.context, row, run.deadline)
      : undefined
  if (found !== undefined) {
    if (row.suspectedAt !== undefined) await clear(run, nonce)
    return settleMined(run, row, transaction, found)
  }
  const other = await isExternal(run, row)
  if (other === 'unknown') return doubt(run, row, transaction)
  if (other !== undefined) return drop(run, row, transaction, other)
  if (nonce < view.latest) return false
  if (wasMined) await unsettle(run, row, transaction)
  await pushPending(run, row, transaction)
  return false
}

function isOld({ settings, context }: Run, { attempts }: NonceRecord): boolean {
  const newest = attempts.at(-1)
  const { resendAfterMs, graceMs, stuckAfterMs } = settings
  const afterMs = Math.min(resendAfterMs, graceMs, stuckAfterMs)
  const { runtime } = context
  return newest !== undefined && runtime.now() - newest.signedAt > afterMs
}

function clear({ context, deadline }: Run, nonce: bigint): Promise<void> {
  const { ledger, account } = context
  return ledger.clearSuspicion(account, nonce, { deadline })
}

/**
 * Ours may be mined, and whoever is told that it is not pays again. So it stays
 * open until a node can tell.
 */
async function doubt(
  run: Run,
  { nonce }: NonceRecord,
  transaction: Outline | undefined,
): Promise<false> {
  const { context, deadline } = run
  const text = `Nonce ${nonce} is used on the chain, by a transaction that this node cannot name: it has neither a receipt of ours nor the states of that time. It stays open until a node in RPC_URL keeps history for so long.`
  if (context.told.isDue(`doubt ${nonce}`))
    notice(run, {
      type: 'account.external_use',
      text,
      nonce: Number(nonce),
      ...(transaction === undefined ? {} : { transactionId: transaction.id }),
    })
  if (transaction !== undefined && transaction.problem !== text)
    await context.ledger.noteProblem(transaction.id, text, { deadline })
  return false
}

/** Its nonce is used: what is signed here can't be mined any more. */
async function drop(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  foreign: Foreign,
): Promise<boolean> {
  const { context, deadline, report } = run
  const { nonce } = row
  const { hash } = foreign
  if (transaction !== undefined && !transaction.final)
    if (await recognise(run, row, transaction, foreign)) return false
  const text = `Nonce ${nonce} was used by a transaction that is not the ledger's (${hash}): the key is in use elsewhere.`
  if (transaction !== undefined && !transaction.final) {
    const ended = await context.ledger.finish(
      transaction.id,
      {
        status: 'dropped',
        reason: { code: 'external-use', text },
        notify: context.notify,
      },
      { deadline },
    )
    if (ended !== undefined) report.counts.dropped++
  }
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
