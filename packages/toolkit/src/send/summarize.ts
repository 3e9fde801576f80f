import type { GetWire } from '@keyward/sender'
import { explorerLink } from '../networks/explorerLink.js'
import type { Followed } from './follow.js'

/**
 * A transaction's progress, according to the ledger and our own observations.
 */
export type Summary = {
  /** `unclear` if the chain's receipts don't say whether it succeeded. */
  end: 'mined' | 'reverted' | 'unclear' | 'ended' | 'pending'
  /** Updates the sender's answer with what was seen on the chain. */
  data: Omit<GetWire, 'signed_tx_hash'> & {
    signed_tx_hash: string | null
    explorer: string | null
  }
}

export function summarize(
  { answer, receipt }: Followed,
  chainId: number,
): Summary {
  const hash = receipt?.hash ?? answer.signed_tx_hash
  const block = receipt?.block ?? answer.block_number
  const { status: outcome } = receipt ?? { status: answer.receipt_status }
  const status = receipt ? toStatus(answer, receipt) : answer.status
  const isOver = answer.final || block !== null
  const link = hash === null ? undefined : explorerLink(chainId, hash)
  const { problem, ...rest } = answer
  // It stopped the transaction before the block.
  const isOpen = receipt === undefined && problem !== undefined
  return {
    end: status === 'mined' ? endOf(outcome) : isOver ? 'ended' : 'pending',
    data: {
      ...rest,
      ...(isOpen && { problem }),
      status,
      signed_tx_hash: hash,
      block_number: block,
      receipt_status: outcome,
      explorer: link ?? null,
    },
  }
}

function endOf(outcome: GetWire['receipt_status']): Summary['end'] {
  if (outcome === 'succeeded') return 'mined'
  return outcome === 'reverted' ? 'reverted' : 'unclear'
}

/**
 * The status that the ledger will record, or its present one as long as only
 * the sender can tell: without a request to cancel, the transaction expired, or
 * no node accepted it.
 */
function toStatus(
  { status, cancel_requested: isCancelled }: GetWire,
  { purpose }: NonNullable<Followed['receipt']>,
): GetWire['status'] {
  if (purpose === 'request') return 'mined'
  if (isCancelled) return 'replaced'
  return purpose === 'filler' ? 'dropped' : status
}
