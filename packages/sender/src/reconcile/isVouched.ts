import type { Hex } from '@keyward/core'
import type { Receipt } from '../chain/results.js'
import type { Run } from './Run.js'
import { type Subject, tellUnconfirmed } from './tell.js'

/**
 * Whether two providers, if there are two, report the same block and outcome
 * with enough confirmations: a single endpoint's report is only a claim. The
 * providers are asked when the block is deep enough to be final, and not again
 * after they have agreed.
 *
 * @param of - The transaction that ended; without an id, nobody waits for it.
 * @param end.receipt - The first provider's receipt; undefined if it has none.
 * @param end.what - The block's content, for messages.
 * @param end.isLate - Whether it is time to report that they don't agree.
 */
export async function isVouched(
  run: Run,
  of: Subject & { problem?: string | undefined },
  end: {
    hash: Hex
    receipt: Receipt | undefined
    what: string
    isLate: boolean
  },
): Promise<boolean> {
  const { id, nonce, problem } = of
  const { context, deadline } = run
  const { chain, ledger, finalEndpoints } = context
  const { hash, receipt, what, isLate } = end
  if (finalEndpoints === 1) return true
  const providers = await chain.getProviders({ deadline })
  if (providers.length < 2) return true
  if (receipt !== undefined && (await areTwo(run, hash, receipt))) return true
  const block =
    receipt === undefined ? 'A block' : `Block ${receipt.blockNumber}`
  const text = `${block} contains ${what}, but only according to one of ${providers.length} providers, so the outcome is not final. Check the endpoints in RPC_URL; FINAL_ENDPOINTS=1 trusts a single provider.`
  const isTold = problem === text
  if (!isTold && !isLate) return false
  tellUnconfirmed(run, { id, nonce }, text)
  if (!isTold && id !== undefined)
    await ledger.noteProblem(id, text, { deadline })
  return false
}

async function areTwo(
  { context, settings, deadline }: Run,
  hash: Hex,
  { blockNumber, blockHash, receiptStatus }: Receipt,
): Promise<boolean> {
  const { chain } = context
  const [receipts, heads] = await Promise.all([
    chain.getReceipts(hash, { deadline }),
    chain.getHeads({ deadline }),
  ])
  const same = receipts.filter(
    (one) => one.blockHash === blockHash && one.receiptStatus === receiptStatus,
  )
  // Otherwise, a single endpoint would decide how deep the block is.
  const least = blockNumber + BigInt(settings.confirmations) - 1n
  const deep = heads.filter((head) => head >= least)
  return same.length >= 2 && deep.length >= 2
}
