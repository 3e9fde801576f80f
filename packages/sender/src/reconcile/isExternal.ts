import { isUnsigned, type NonceRecord } from '../ledger/NonceRecord.js'
import { type Foreign, findForeign } from './findForeign.js'
import { ageMs, type Run } from './Run.js'

/** Without proof, the observation must last this many times longer. */
const withoutProof = 20

/**
 * Whether an outside transaction has permanently used a nonce. One answer from
 * one node is not enough to give up a transaction: two observations must agree
 * some time apart, and the outside transaction must be found in its block with
 * our key's signature.
 *
 * @returns the outside transaction; `unknown` if the nonce has long looked used
 * but no node shows the bytes; undefined if it is not used, or if that is not
 * yet proven
 */
export async function isExternal(
  run: Run,
  row: NonceRecord,
): Promise<Foreign | 'unknown' | undefined> {
  const { context, view, settings, deadline } = run
  const { ledger, account } = context
  const { nonce, suspectedAt } = row
  const count = view.final ?? view.latest
  if (count <= nonce) {
    if (suspectedAt !== undefined && view.latest <= nonce)
      await ledger.clearSuspicion(account, nonce, { deadline })
    return undefined
  }
  if (suspectedAt === undefined) {
    await ledger.suspect(account, nonce, { deadline })
    return undefined
  }
  const sinceMs = ageMs(run, suspectedAt)
  if (sinceMs < settings.suspectMs) return undefined
  // Without old states, neither the depth nor the outside transaction is known.
  if (view.final === undefined && sinceMs < settings.suspectMs * withoutProof)
    return undefined
  const search = { nonce, block: view.block, deadline }
  const foreign = await findForeign(context, search)
  // The transaction is one of ours, and only its receipt is late.
  if (row.attempts.some(({ hash }) => hash === foreign?.hash)) return undefined
  if (foreign !== undefined) return foreign
  // Nothing was signed here for the nonce, so the final count is proof enough.
  if (isUnsigned(row) && view.final !== undefined) return 'unknown'
  return sinceMs < settings.suspectMs * withoutProof ? undefined : 'unknown'
}
