import { explorerLink } from '../networks/explorerLink.js'
import { type Result, toColumns } from '../output.js'
import type { Followed } from './follow.js'

/**
 * The end for people and programs: exit 0 when it is mined and succeeded, 1
 * when it ended otherwise, 3 while it is still on its way.
 */
export function followedResult(
  { answer, receipt }: Followed,
  chainId: number,
): Result {
  const hash = receipt?.hash ?? answer.signed_tx_hash
  const block = receipt?.block ?? answer.block_number
  const isMined = receipt !== undefined || answer.status === 'mined'
  const succeeded = receipt?.succeeded ?? answer.receipt_status === 'succeeded'
  const status = isMined ? 'mined' : answer.status
  const link = hash === null ? undefined : explorerLink(chainId, hash)
  const end = isMined
    ? succeeded
      ? `mined in block ${block}`
      : `REVERTED in block ${block}: the fee is paid, nothing else happened`
    : answer.final
      ? `${status}: ${answer.reason?.text ?? 'it is not mined'}`
      : `${status}, still on its way; keyward tx watch ${answer.transaction_id}`
  return {
    data: {
      ...answer,
      status,
      signed_tx_hash: hash,
      block_number: block,
      receipt_status: isMined
        ? succeeded
          ? 'succeeded'
          : 'reverted'
        : answer.receipt_status,
      explorer: link ?? null,
    },
    text: toColumns([
      ['transaction', answer.transaction_id],
      ['key', answer.idempotency_key],
      ['hash', hash ?? undefined],
      ['nonce', answer.nonce === null ? undefined : String(answer.nonce)],
      ['status', end],
      ['explorer', link],
    ]),
    exitCode: isMined ? (succeeded ? 0 : 1) : answer.final ? 1 : 3,
  }
}
