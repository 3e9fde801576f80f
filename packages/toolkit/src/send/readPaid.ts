import { createRpc, type GetWire, type ListWire } from '@keyward/sender'
import { mapLimited } from '../mapLimited.js'
import { quantity } from '../node/quantity.js'
import { type Followed, findReceipt } from './follow.js'
import type { SenderAccess } from './SenderAccess.js'
import { summarize } from './summarize.js'

/** A transaction's cost and the remaining balance; undefined where unknown. */
export type Paid = {
  /** The fee in wei. */
  fee: bigint | undefined
  /** The account's current balance in wei. */
  balance: bigint | undefined
}

/**
 * Asks the chain what a mined transaction cost and what the account has left.
 * This only supplements the answer, so it doesn't throw if a node doesn't
 * respond.
 */
export async function readPaid(
  followed: Followed,
  {
    urls,
    chainId,
    address,
  }: {
    urls: readonly string[] | undefined
    chainId: number
    address: string
  },
): Promise<Paid> {
  const nothing = { fee: undefined, balance: undefined }
  if (urls === undefined) return nothing
  const rpc = createRpc({ urls, chainId })
  const [receipt, wei] = await Promise.all([
    followed.receipt ?? findReceipt(rpc, followed.answer),
    rpc.request('eth_getBalance', [address, 'latest']).catch(() => undefined),
  ])
  return {
    fee: receipt?.fee,
    balance: wei === undefined ? undefined : quantity(wei, 'eth_getBalance'),
  }
}

/**
 * Updates a transaction from the ledger with its current state on the chain,
 * because the ledger learns of a block up to a minute later.
 */
export async function lookUp(
  answer: GetWire,
  { urls, chainId }: { urls: readonly string[] | undefined; chainId: number },
): Promise<Followed> {
  if (urls === undefined || answer.final) return { answer, receipt: undefined }
  const rpc = createRpc({ urls, chainId })
  return { answer, receipt: await findReceipt(rpc, answer) }
}

/**
 * Does the same for a page of transactions: checks each one that was sent but
 * whose block the ledger doesn't know yet. A bumped transaction has several
 * hashes, which only its record contains.
 */
export async function lookUpAll(
  access: Pick<SenderAccess, 'get'>,
  items: ListWire['transactions'],
  { urls, chainId }: { urls: readonly string[] | undefined; chainId: number },
): Promise<ListWire['transactions']> {
  if (urls === undefined) return items
  return mapLimited(items, async (item) => {
    if (item.status !== 'sent' || item.block_number !== null) return item
    const answer = await access.get({ transaction_id: item.transaction_id })
    const followed = await lookUp(answer, { urls, chainId })
    // The record is newer than the list, even if the chain has nothing to add.
    const { data } = summarize(followed, chainId)
    const { status, final, signed_tx_hash, block_number, receipt_status } = data
    const hash = signed_tx_hash as typeof item.signed_tx_hash
    return {
      ...{ ...item, status, final, block_number, receipt_status },
      signed_tx_hash: hash,
    }
  })
}
