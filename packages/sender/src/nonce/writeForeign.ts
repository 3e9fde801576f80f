import type { Chain } from '../chain/createChain.js'
import type { HeadRecord } from '../ledger/HeadRecord.js'
import type { Ledger } from '../ledger/Ledger.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { findForeign } from '../reconcile/findForeign.js'

/**
 * Writes a row for each number up to `end` that the chain has used and nobody
 * was given here, so that the head can rise over them.
 *
 * @returns up to where: a ledger that was repaired may have sent what stands
 * there, so each is written down with what it does, as far as a node shows it
 */
export async function writeForeign(
  of: { ledger: Ledger; chain: Chain; account: Account },
  head: HeadRecord,
  { end, block, deadline }: { end: bigint; block: bigint; deadline: number },
): Promise<bigint> {
  const { ledger, account } = of
  for (let nonce = head.next; nonce < end; nonce++) {
    if (!head.hasAdopted) {
      await ledger.createFree(account, nonce, { deadline })
      continue
    }
    const foreign = await findForeign(of, { nonce, block, deadline })
    if (foreign === undefined) return nonce
    await ledger.addAdopted(account, foreign, { deadline })
    await ledger.createExternal(account, nonce, foreign.raw, { deadline })
  }
  return end
}
