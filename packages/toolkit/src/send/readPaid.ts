import { createRpc, type GetWire, type ListWire } from '@keyward/sender'
import { mapLimited } from '../mapLimited.js'
import { quantity } from '../node/quantity.js'
import { type Followed, findReceipt } from './follow.js'
import type { SenderAccess } from './SenderAccess.js'
import { summarize } from './summarize.js'

/** What a transaction cost, and what is left; undefined where nobody says. */
export type Paid = {
  /** Wei. */
  fee: bigint | undefined
  /** Wei that the account has now. */
  balance: bigint | undefined
}

/**
 * Asks the chain what a mined transaction cost and what the account has left.
 * It is told beside the answer, so nothing is thrown where a node is silent.
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
 * A transaction as the ledger has it, with what the chain shows already: the
 * ledger hears of a block up to a minute later.
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
 * The same for a page of them: each that was sent, and of which the ledger
 * knows no block yet. Those that were raised have several hashes, which only
 * the record tells.
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
    // The record is newer than the list, also where the chain adds nothing.
    const { data } = summarize(followed, chainId)
    const { status, final, signed_tx_hash, block_number, receipt_status } = data
    const hash = signed_tx_hash as typeof item.signed_tx_hash
    return {
      ...{ ...item, status, final, block_number, receipt_status },
      signed_tx_hash: hash,
    }
  })
}
