import type { HeadRecord } from '../ledger/HeadRecord.js'
import { isId } from '../ledger/NonceRecord.js'
import { toSigned } from '../transaction/toSigned.js'
import { notice, type Run } from './Run.js'

/** Only the newest nonces are checked, because each is read in every run. */
const maxNonces = 100n
/** No window is longer. */
const longestMs = 7 * 86_400_000

/**
 * Whether the policy's windows count everything the ledger knows to be signed.
 * The guard itself halts if they don't.
 */
export async function compareSpending(
  run: Run,
  { next }: HeadRecord,
): Promise<void> {
  const { context, deadline } = run
  const { guard, account, ledger, runtime } = context
  if (guard?.compare === undefined || next === 0n) return
  async function readSigned() {
    const first = next > maxNonces ? next - maxNonces : 0n
    const rows = await ledger.listNonces(account, first, next - 1n, {
      deadline,
    })
    const owners = new Set(rows.flatMap(({ owner }) => owner ?? []))
    const outlines = await ledger.getOutlines([...owners].filter(isId), {
      deadline,
    })
    const byId = new Map(outlines.transactions.map((one) => [one.id, one]))
    return rows.flatMap(({ owner, attempts, damage }) => {
      const transaction = byId.get(owner ?? '')
      // If the transaction ended without being mined, its amount may have been
      // released.
      const isOver = transaction?.final && transaction.status !== 'mined'
      if (transaction === undefined || isOver || damage !== undefined) return []
      const { caller } = transaction
      return attempts
        .filter(
          ({ purpose, signedAt, recognised }) =>
            purpose === 'request' &&
            // It may belong to another caller, who counted it as their own.
            !recognised &&
            signedAt > runtime.now() - longestMs,
        )
        .map((attempt) => ({
          ...{ request: toSigned(attempt, account), caller },
          at: attempt.signedAt,
        }))
    })
  }
  const short = await guard.compare(account, readSigned, { deadline })
  if (short.length === 0) return
  notice(run, {
    type: 'guard.halted',
    text: `The policy's windows count less than was signed (${short.join(', ')}): something else writes to the windows' table or signs without counting. Nothing is signed until you lift the halt (keyward unfreeze --guard). Find the cause first.`,
  })
}
