import type { GetWire } from '@keyward/sender'
import { toColumns } from '@keyward/toolkit'
import type { Result } from '../../../cli/src/output/Result.js'
import { explorerLink } from '../networks/explorerLink.js'
import type { Followed } from './follow.js'
import { nextStep } from './nextStep.js'
import type { SenderOptions } from './openSenderAccess.js'

/**
 * The end for people and programs: exit 0 when it is mined and succeeded, 1
 * when it ended otherwise, 3 while it is still on its way.
 */
export function followedResult(
  { answer, receipt }: Followed,
  chainId: number,
  options: SenderOptions,
): Result {
  const hash = receipt?.hash ?? answer.signed_tx_hash
  const block = receipt?.block ?? answer.block_number
  const succeeded = receipt?.succeeded ?? answer.receipt_status === 'succeeded'
  const status = receipt ? toStatus(answer, receipt) : answer.status
  const isMined = status === 'mined'
  const isOver = answer.final || block !== null
  const link = hash === null ? undefined : explorerLink(chainId, hash)
  const end = isMined
    ? succeeded
      ? `mined in block ${block}`
      : `REVERTED in block ${block}: the fee is paid, nothing else happened`
    : isOver
      ? `${status}: ${answer.reason?.text ?? `a transfer of nothing to the own account was mined in its place, in block ${block}`}`
      : `${status}, still on its way; ${nextStep(options, answer)}`
  return {
    data: {
      ...answer,
      status,
      signed_tx_hash: hash,
      block_number: block,
      receipt_status:
        block === null
          ? answer.receipt_status
          : succeeded
            ? 'succeeded'
            : 'reverted',
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
    exitCode: isMined ? (succeeded ? 0 : 1) : isOver ? 1 : 3,
  }
}

/** As the ledger will have it. */
function toStatus(
  { cancel_requested: isCancelled }: GetWire,
  { purpose }: NonNullable<Followed['receipt']>,
): GetWire['status'] {
  if (purpose === 'request') return 'mined'
  return isCancelled ? 'replaced' : 'expired'
}
