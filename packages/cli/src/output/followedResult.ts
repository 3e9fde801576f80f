import { maskHex } from '@keyward/core/errors'
import { formatEther, type Style, toColumns } from '@keyward/toolkit'
import { currencyOf } from '@keyward/toolkit/networks'
import {
  type Followed,
  isCanceling,
  nextStep,
  type Paid,
  type SenderOptions,
  type Summary,
  summarize,
} from '@keyward/toolkit/send'
import { styleFor } from '../terminal/Terminal.js'
import type { Result } from './Result.js'

const plain = styleFor({ isTTY: false }, {})

/**
 * The outcome for users and programs: exit 0 if it was mined and succeeded, 1
 * if it ended differently or the outcome is unknown, 3 while it is pending.
 */
export function followedResult(
  followed: Followed,
  chainId: number,
  options: SenderOptions,
  { style = plain, paid }: { style?: Style; paid?: Paid } = {},
): Result {
  const summary = summarize(followed, chainId)
  const { end, data } = summary
  const money = (wei: bigint | undefined) =>
    wei === undefined
      ? undefined
      : style.bold(`${formatEther(wei)} ${currencyOf(chainId)}`)
  return {
    data: {
      ...data,
      ...(paid?.fee !== undefined && { fee_wei: String(paid.fee) }),
      ...(paid?.balance !== undefined && {
        balance_wei: String(paid.balance),
      }),
    },
    text: toColumns([
      ['transaction', data.transaction_id],
      ['request', maskHex(data.idempotency_key)],
      ['hash', data.signed_tx_hash ?? undefined],
      ['nonce', data.nonce === null ? undefined : String(data.nonce)],
      [
        'cancel',
        end === 'pending'
          ? data.attempts.findLast(({ purpose }) => purpose === 'cancel')?.hash
          : undefined,
      ],
      ['status', endText(summary, style)],
      // The command has its own line, so that users can copy it.
      [
        'next',
        end === 'pending' ? style.cyan(nextStep(options, data)) : undefined,
      ],
      ['fee paid', money(paid?.fee)],
      ['balance left', money(paid?.balance)],
      ['problem', end === 'pending' ? data.problem : undefined],
      ['explorer', data.explorer ?? undefined],
    ]),
    exitCode: end === 'mined' ? 0 : end === 'pending' ? 3 : 1,
  }
}

function endText(
  { end, data }: Summary,
  { green, red, yellow }: Style,
): string {
  const { status, block_number: block, reason } = data
  switch (end) {
    case 'mined':
      return green(`mined in block ${block}`)
    case 'reverted':
      return red(`REVERTED in block ${block}: only the fee was paid`)
    case 'unclear':
      return yellow(
        `mined in block ${block}; this chain doesn't say whether the transaction succeeded`,
      )
    case 'ended':
      return red(
        `${status}: ${reason?.text ?? `a zero-value transfer to the account itself was mined instead, in block ${block}`}`,
      )
    case 'pending':
      return isCanceling(data)
        ? red(`${status}: a cancellation is in progress, still pending`)
        : yellow(`${status}, still pending`)
  }
}
