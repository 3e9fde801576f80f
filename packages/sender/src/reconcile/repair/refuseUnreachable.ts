import { filler, isId } from '../../ledger/NonceRecord.js'
import { farAbove } from '../../nonce/readCount.js'
import { unreachableCode } from '../../nonce/unreachable.js'
import type { Run } from '../Run.js'

/** The next nonce: above the chain, the pool, and all rows within reach. */
export async function findTop(
  { context, deadline }: Run,
  end: bigint,
): Promise<bigint> {
  const { ledger, account } = context
  let top = end
  for (let from = end; from < end + farAbove; ) {
    const to = end + farAbove - 1n
    const rows = await ledger.findNonces(account, from, 100, { deadline })
    const near = rows.filter(({ nonce }) => nonce <= to)
    const last = near.at(-1)
    if (last === undefined) break
    top = last.nonce + 1n
    from = top
  }
  return top
}

/**
 * Ends requests with unreachable nonces. Their nonces are never assigned again,
 * and signatures for them remain.
 */
export async function refuseUnreachable(
  { context, deadline }: Run,
  top: bigint,
  dryRun: boolean,
): Promise<string[]> {
  const { ledger, account, notify } = context
  const refused: string[] = []
  for (let from = top; ; ) {
    const rows = await ledger.findNonces(account, from, 100, { deadline })
    const last = rows.at(-1)
    if (last === undefined) return refused
    from = last.nonce + 1n
    for (const { nonce, owner, claim, nextIndex } of rows) {
      if (!isId(owner)) continue
      refused.push(owner)
      if (dryRun) continue
      await ledger.finish(
        owner,
        {
          status: 'refused',
          reason: {
            code: unreachableCode,
            text: `The transaction can never be mined: a wrong ledger head assigned its nonce (${nonce}).`,
          },
          notify,
        },
        { deadline },
      )
      if (nextIndex > 0) continue
      await ledger.free(account, nonce, { owner, claim }, { deadline })
      await ledger.take(account, nonce, filler, { deadline })
    }
  }
}
