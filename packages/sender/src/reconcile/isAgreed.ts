import type { Outline } from '../ledger/TransactionRecord.js'
import type { Found } from '../transaction/findMined.js'
import type { Run } from './Run.js'
import { tellUnconfirmed } from './tell.js'

/** So long a second provider may be late, or down. */
const patienceMs = 15 * 60_000

/**
 * Whether two providers, where there are two, have the same block and outcome,
 * and enough blocks on top: what one endpoint says of an end is a claim. They are asked once it is deep
 * enough to be final, and no more when they agree.
 */
export async function isAgreed(
  run: Run,
  { id, nonce, blockHash, updatedAt, problem }: Outline,
  { attempt, receipt }: Found,
): Promise<boolean> {
  const { context, deadline } = run
  const { chain, ledger, finalEndpoints, runtime } = context
  if (finalEndpoints === 1) return true
  const providers = await chain.getProviders({ deadline })
  if (providers.length < 2) return true
  const [receipts, heads] = await Promise.all([
    chain.getReceipts(attempt.hash, { deadline }),
    chain.getHeads({ deadline }),
  ])
  const same = receipts.filter(
    (one) =>
      one.blockHash === receipt.blockHash &&
      one.receiptStatus === receipt.receiptStatus,
  )
  // How deep it is would else be the word of one.
  const least = receipt.blockNumber + BigInt(run.settings.confirmations) - 1n
  const deep = heads.filter((head) => head >= least)
  if (same.length >= 2 && deep.length >= 2) return true
  const text = `Block ${receipt.blockNumber} has it, by the word of one provider, and of ${providers.length} no second one says the same: it is not final. Look at the endpoints in RPC_URL; FINAL_ENDPOINTS=1 takes the word of one.`
  const isTold = problem === text
  const isLate =
    blockHash === receipt.blockHash && runtime.now() - updatedAt >= patienceMs
  if (!isTold && !isLate) return false
  tellUnconfirmed(run, { id, nonce }, text)
  if (!isTold) await ledger.noteProblem(id, text, { deadline })
  return false
}
