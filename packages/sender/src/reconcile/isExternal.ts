import { isUnsigned, type NonceRecord } from '../ledger/NonceRecord.js'
import { type Foreign, findForeign } from './findForeign.js'
import { ageMs, type Run } from './Run.js'

/** Without proof, so much longer must it look that way. */
const withoutProof = 20

/**
 * Whether another transaction has used a nonce for good. One answer of one node
 * is not enough to give a transaction up: it must be so at two looks that lie
 * apart, and the other transaction be found in its block, signed by our key.
 *
 * @returns the other transaction; `unknown` when it has looked so for long and
 * no node shows the bytes; undefined when it is not so, or not yet proven
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
  // Without old states neither the depth nor the other transaction is known.
  if (view.final === undefined && sinceMs < settings.suspectMs * withoutProof)
    return undefined
  const search = { nonce, block: view.block, deadline }
  const foreign = await findForeign(context, search)
  // One of ours: its receipt is only late.
  if (row.attempts.some(({ hash }) => hash === foreign?.hash)) return undefined
  if (foreign !== undefined) return foreign
  // Nothing of ours can be mined there: the final count is enough.
  if (isUnsigned(row) && view.final !== undefined) return 'unknown'
  return sinceMs < settings.suspectMs * withoutProof ? undefined : 'unknown'
}
