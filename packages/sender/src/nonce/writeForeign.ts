import type { Chain } from '../chain/createChain.js'
import type { HeadRecord } from '../ledger/HeadRecord.js'
import type { Ledger } from '../ledger/Ledger.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { findForeign } from '../reconcile/findForeign.js'

/**
 * Writes a row for each nonce up to `end` that the chain has used and that was
 * not assigned here, so the head can rise over them.
 *
 * @returns the nonce up to which rows were written. A repaired ledger may have
 * sent these transactions, so each is recorded with its effect if a node shows
 * it
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
