import type { Rpc } from '@keyward/core/rpc'
import { createChain } from '../chain/createChain.js'
import type { Ledger } from '../ledger/Ledger.js'
import { isId } from '../ledger/NonceRecord.js'
import type { Account } from '../ledger/TransactionRecord.js'

/**
 * A signed transaction behind which all later ones of the account wait. It has
 * no amounts, because it may be another caller's.
 */
export type BlockingWire = {
  nonce: number
  /** Null if the row of the nonce names no transaction, as for a filler. */
  transaction_id: string | null
  /** When it was first signed. */
  signed_at: string
  /** Whether the account has too little for each of its signed versions. */
  unpayable: boolean
}

/** A transaction that can be paid is usually mined long before. */
const patienceMs = 5 * 60_000

/**
 * Finds the account's next transaction on the chain, if it is signed but can't
 * be paid, or if it was signed long ago. Asks the node for the account's count,
 * and calls Query on the table.
 *
 * @param parts.balance - In wei; without it, nothing is found.
 * @param options.now - In ms since 1970.
 */
export async function findBlocking(
  parts: {
    ledger: Ledger
    rpc: Rpc
    account: Account
    balance: Promise<bigint | undefined>
  },
  { now, ...options }: { deadline: number; now: number },
): Promise<BlockingWire | null> {
  const { ledger, rpc, account } = parts
  const [nonce, balance] = await Promise.all([
    createChain(rpc).getCount(account.address, 'latest', options),
    parts.balance,
  ])
  if (balance === undefined) return null
  const row = await ledger.getNonce(account, nonce, options)
  const signedAt = row?.attempts[0]?.signedAt
  if (row?.owner === undefined || signedAt === undefined) return null
  const unpayable = row.attempts.every(
    ({ value, gas, maxFeePerGas }) => value + gas * maxFeePerGas > balance,
  )
  if (!unpayable && now - signedAt < patienceMs) return null
  return {
    nonce: Number(nonce),
    // Anyone who can write the row could put any text there.
    transaction_id: isId(row.owner) ? row.owner : null,
    signed_at: new Date(signedAt).toISOString(),
    unpayable,
  }
}
