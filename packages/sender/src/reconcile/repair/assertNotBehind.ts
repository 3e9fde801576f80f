import { max, min } from '../../bigints.js'
import { LedgerIncompleteError } from '../../ledger/errors.js'
import type { HeadRecord } from '../../ledger/HeadRecord.js'
import { isId } from '../../ledger/NonceRecord.js'
import { toCount } from '../../toCount.js'
import type { Run } from '../Run.js'
import type { Seen } from './seeChain.js'

/** How many nonces to check. */
const atMost = 100n

/**
 * Refuses a node that has not reached what the ledger knows to be final,
 * because it doesn't show later transactions either.
 *
 * @throws LedgerIncompleteError
 */
export async function assertNotBehind(
  run: Run,
  { latest, block }: Seen,
  head: HeadRecord | undefined,
): Promise<void> {
  const { address } = run.context.account
  const { next, first } = head ?? { next: latest, first: 0n }
  // Look from the next nonce and from the newest ones: those in between may all
  // be outside transactions.
  const following = max(latest, first)
  const newest = max(latest, next - min(next, atMost))
  for (const from of new Set([following, newest])) {
    const later = await findLater(run, from, block)
    if (later !== undefined)
      throw new LedgerIncompleteError(
        `the node is at block ${block} and has ${toCount(latest)} from ${address}, but according to the ledger, the transaction with nonce ${later.nonce} was mined in block ${later.blockNumber}`,
        'A repair with this node could miss transactions. Try again when the node has caught up, or use another node in RPC_URL.',
      )
  }
}

/** One of the ledger's own transactions that is final in a later block. */
async function findLater(
  { context, deadline }: Run,
  from: bigint,
  block: bigint,
) {
  const { ledger, account } = context
  const options = { deadline }
  const to = from + atMost - 1n
  const rows = await ledger.listNonces(account, from, to, options)
  const owners = rows.flatMap(({ owner }) => owner ?? []).filter(isId)
  const { transactions } = await ledger.getOutlines(owners, options)
  return transactions.find(
    ({ final, blockNumber }) => final && (blockNumber ?? 0n) > block,
  )
}
