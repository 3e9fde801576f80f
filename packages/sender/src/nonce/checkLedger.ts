import type { Rpc } from '@keyward/core/rpc'
import { createChain } from '../chain/createChain.js'
import type { Ledger } from '../ledger/Ledger.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { defaultConfirmations } from '../transaction/defaultConfirmations.js'
import { findBeginning } from './beginLedger.js'
import {
  assertFewForeign,
  assertNear,
  assertNotHalted,
  assertOwn,
  defaultMaxForeign,
  type WatchOptions,
} from './createWatch.js'
import { readCount } from './readCount.js'

/**
 * Whether a sender on this ledger would accept a request now. Writes nothing,
 * neither a head nor rows for outside transactions. Calls GetItem and Query on
 * the table, and asks the node for the account's count.
 *
 * @throws LedgerIncompleteError with the reason for a refusal, and errors of
 * the ledger or the node
 */
export async function checkLedger(
  options: WatchOptions & {
    ledger: Ledger
    rpc: Rpc
    account: Account
    /** The same value as the sender's. */
    confirmations?: number | undefined
  },
  { deadline }: { deadline: number },
): Promise<void> {
  const { ledger, rpc, account, maxForeign = defaultMaxForeign } = options
  const { confirmations = defaultConfirmations(rpc.chainId) } = options
  const chain = createChain(rpc)
  const head = await ledger.getHead(account, { deadline })
  if (head === undefined) {
    const { newLedger } = options
    const of = { ledger, chain, account, confirmations, newLedger }
    await findBeginning(of, deadline)
    return
  }
  assertOwn(ledger, head)
  assertNotHalted(head)
  const count = await readCount(chain, account, 'latest', deadline)
  assertNear(head, count, account)
  assertFewForeign(head, count, { account, maxForeign })
}
