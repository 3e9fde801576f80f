import { LedgerIncompleteError } from '../../ledger/errors.js'
import { isId } from '../../ledger/NonceRecord.js'
import type { Run } from '../Run.js'
import type { Seen } from './seeChain.js'

/** How many nonces are looked at. */
const atMost = 100n

/**
 * A node that has not come to what the ledger knows to be final shows nothing of
 * what came after either.
 *
 * @throws LedgerIncompleteError
 */
export async function assertNotBehind(
  { context, deadline }: Run,
  { latest, block }: Seen,
): Promise<void> {
  const { ledger, account } = context
  const options = { deadline }
  const to = latest + atMost - 1n
  const rows = await ledger.listNonces(account, latest, to, options)
  const owners = rows.flatMap(({ owner }) => owner ?? []).filter(isId)
  const { transactions } = await ledger.getOutlines(owners, options)
  const later = transactions.find(
    ({ final, blockNumber }) => final && (blockNumber ?? 0n) > block,
  )
  if (later === undefined) return
  throw new LedgerIncompleteError(
    `the node is at block ${block} and has ${latest} transactions of ${account.address}, and the ledger knows that nonce ${later.nonce} was mined in block ${later.blockNumber}`,
    'A repair by it would take for complete what it has not come to. Try again when it has caught up, or name another node in RPC_URL.',
  )
}
