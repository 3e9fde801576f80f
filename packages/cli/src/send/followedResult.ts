import type { GetWire } from '@keyward/sender'
import { explorerLink } from '../networks/explorerLink.js'
import { type Result, toColumns } from '../output.js'
import type { Followed } from './follow.js'
import { nextStep } from './nextStep.js'
import type { SenderOptions } from './openSenderAccess.js'

/**
 * The end for people and programs: exit 0 when it is mined and succeeded, 1
 * when it ended otherwise or nobody knows how, 3 while it is still on its way.
 */
export function followedResult(
  { answer, receipt }: Followed,
  chainId: number,
  options: SenderOptions,
): Result {
  const hash = receipt?.hash ?? answer.signed_tx_hash
  const block = receipt?.block ?? answer.block_number
  const { status: outcome } = receipt ?? { status: answer.receipt_status }
  const status = receipt ? toStatus(answer, receipt) : answer.status
  const isMined = status === 'mined'
  const isOver = answer.final || block !== null
  const link = hash === null ? undefined : explorerLink(chainId, hash)
  const end = isMined
    ? toEnd(outcome, block)
    : isOver
      ? `${status}: ${answer.reason?.text ?? `a transfer of nothing to the own account was mined in its place, in block ${block}`}`
      : `${status}, still on its way; ${nextStep(options, answer)}`
  return {
    data: {
      ...answer,
      status,
      signed_tx_hash: hash,
      block_number: block,
      receipt_status: outcome,
      explorer: link ?? null,
    },
    text: toColumns([
      ['transaction', answer.transaction_id],
      ['key', answer.idempotency_key],
      ['hash', hash ?? undefined],
      ['nonce', answer.nonce === null ? undefined : String(answer.nonce)],
      ['status', end],
      ['problem', isOver ? undefined : answer.problem],
      ['explorer', link],
    ]),
    exitCode: isOver ? (isMined && outcome === 'succeeded' ? 0 : 1) : 3,
  }
}

function toEnd(outcome: GetWire['receipt_status'], block: number | null) {
  if (outcome === 'succeeded') return `mined in block ${block}`
  return outcome === 'reverted'
    ? `REVERTED in block ${block}: the fee is paid, nothing else happened`
    : `mined in block ${block}; this chain doesn't say whether it succeeded`
}

/** As the ledger will have it. */
function toStatus(
  { cancel_requested: isCancelled }: GetWire,
  { purpose }: NonNullable<Followed['receipt']>,
): GetWire['status'] {
  if (purpose === 'request') return 'mined'
  return isCancelled ? 'replaced' : 'expired'
}
