import type { BaseError } from '@keyward/core'
import { FeeCapError } from '../fees/Fees.js'
import { isDamage } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { advance } from '../transaction/advance.js'
import { cancelUnsigned } from '../transaction/cancelUnsigned.js'
import { endUnsigned } from '../transaction/endUnsigned.js'
import { isRefusal, RequestExpiredError } from '../transaction/prepare.js'
import type { Run } from './Run.js'

/**
 * Continues an unsigned transaction whose process died or could not reach KMS
 * or the node. Ends it if it has expired, is cancelled, or would not be mined.
 */
export async function completeUnsigned(
  run: Run,
  transaction: Outline,
): Promise<void> {
  const { context, deadline, report } = run
  const { validUntil = Infinity } = transaction.request
  const { id } = transaction
  try {
    if (transaction.cancelRequested) {
      const ended = await cancelUnsigned(context, transaction, deadline)
      if (ended !== undefined) report.counts.dropped++
      return
    }
    if (validUntil <= context.runtime.now())
      return await expire(run, transaction)
    // The full record is read and checked before signing.
    const whole = await context.ledger.getTransaction(id, { deadline })
    if (whole === undefined || whole.revision !== transaction.revision) return
    await advance(context, whole, { deadline })
    report.counts.advanced++
  } catch (error) {
    if (isDamage(error)) {
      await letGo(run, transaction)
      throw error
    }
    // The transaction may have received its nonce in the meantime.
    const latest = await context.ledger.getTransaction(id, { deadline })
    if (latest === undefined || latest.final) return
    if (error instanceof RequestExpiredError) return expire(run, latest)
    // Fees come down again, and a node or a policy may change its answer.
    if (error instanceof FeeCapError || !isRefusal(error)) {
      await letGo(run, latest)
      throw error
    }
    await refuse(run, latest, error)
  }
}

/**
 * Releases the nonce of a transaction that can't be signed now, so that others
 * don't wait behind it.
 */
async function letGo(
  { context, deadline }: Run,
  latest: Outline,
): Promise<void> {
  const { ledger, allocator } = context
  const { id, nonce, claim } = latest
  if (nonce === undefined) return
  if (await allocator.giveBack(nonce, { owner: id, claim }, deadline))
    await ledger.unbind(latest, { deadline })
}

async function expire(
  { context, deadline, report }: Run,
  transaction: Outline,
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
  latest: Outline,
  error: BaseError,
): Promise<void> {
  const ended = await endUnsigned(context, latest, {
    status: 'refused',
    reason: { code: error.code, text: error.shortMessage.slice(0, 300) },
    deadline,
  })
  if (ended !== undefined) report.counts.refused++
}
