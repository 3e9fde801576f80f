import { maskHex } from '@keyward/core/errors'
import { toColumns } from '@keyward/toolkit'
import {
  type Followed,
  nextStep,
  type SenderOptions,
  type Summary,
  summarize,
} from '@keyward/toolkit/send'
import type { Result } from './Result.js'

/**
 * The end for people and programs: exit 0 when it is mined and succeeded, 1
 * when it ended otherwise or nobody knows how, 3 while it is still on its way.
 */
export function followedResult(
  followed: Followed,
  chainId: number,
  options: SenderOptions,
): Result {
  const summary = summarize(followed, chainId)
  const { end, data } = summary
  return {
    data,
    text: toColumns([
      ['transaction', data.transaction_id],
      ['key', maskHex(data.idempotency_key)],
      ['hash', data.signed_tx_hash ?? undefined],
      ['nonce', data.nonce === null ? undefined : String(data.nonce)],
      ['status', endText(summary, options)],
      ['problem', end === 'pending' ? data.problem : undefined],
      ['explorer', data.explorer ?? undefined],
    ]),
    exitCode: end === 'mined' ? 0 : end === 'pending' ? 3 : 1,
  }
}

function endText({ end, data }: Summary, options: SenderOptions): string {
  const { status, block_number: block, reason } = data
  switch (end) {
    case 'mined':
      return `mined in block ${block}`
    case 'reverted':
      return `REVERTED in block ${block}: the fee is paid, nothing else happened`
    case 'unclear':
      return `mined in block ${block}; this chain doesn't say whether it succeeded`
    case 'ended':
      return `${status}: ${reason?.text ?? `an empty transfer to the account itself was mined instead, in block ${block}`}`
    case 'pending':
      return `${status}, still on its way; ${nextStep(options, data)}`
  }
}
