import type { Hex } from '@keyward/core'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import { findConsumer } from './findConsumer.js'
import type { Run } from './Run.js'

/** Without proof, so much longer must it look that way. */
const withoutProof = 20

/**
 * Whether somebody else's transaction has used a nonce for good. One answer of
 * one node is not enough to give a transaction up: it must be so at two looks
 * that lie apart, with the other transaction found in its block, or for long.
 *
 * @returns the other transaction's hash, or `unknown`; undefined when it is
 * not so, or not yet proven
 */
export async function isExternal(
  run: Run,
  row: NonceRecord,
): Promise<Hex | 'unknown' | undefined> {
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
  const sinceMs = Date.now() - suspectedAt
  if (sinceMs < settings.suspectMs) return undefined
  // Without old states neither the depth nor the other transaction is known.
  if (view.final === undefined && sinceMs < settings.suspectMs * withoutProof)
    return undefined
  const hash = await findConsumer(run, nonce)
  // One of ours: its receipt is only late.
  if (row.attempts.some((attempt) => attempt.hash === hash)) return undefined
  if (hash !== undefined) return hash
  return sinceMs < settings.suspectMs * withoutProof ? undefined : 'unknown'
}
