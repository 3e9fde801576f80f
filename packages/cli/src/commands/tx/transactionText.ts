import { AddressField } from '@keyward/core'
import { maskHex } from '@keyward/core/errors'
import {
  age,
  formatEther,
  formatUnits,
  type Style,
  toColumns,
} from '@keyward/toolkit'
import { currencyOf } from '@keyward/toolkit/networks'
import { isCanceling, type Summary } from '@keyward/toolkit/send'
import { paintStatus } from '../../output/paintStatus.js'

/** All known details of a transaction, as text for users. */
export function transactionText(
  data: Summary['data'],
  {
    fee,
    chainId,
    style,
  }: { fee: bigint | undefined; chainId: number; style: Style },
): string {
  const money = (wei: bigint) =>
    style.bold(`${formatEther(wei)} ${currencyOf(chainId)}`)
  const time = (iso: string) => `${iso}  ${style.dim(`${age(iso)} ago`)}`
  return toColumns([
    ['transaction', data.transaction_id],
    ['request', maskHex(data.idempotency_key)],
    ['status', statusText(data, style)],
    ['nonce', data.nonce === null ? undefined : String(data.nonce)],
    [
      'to',
      data.dst_address === null
        ? 'a new contract'
        : AddressField.toChecksum(data.dst_address),
    ],
    ['value', money(BigInt(data.value_wei))],
    ['block', blockText(data)],
    ['fee paid', fee === undefined ? undefined : money(fee)],
    ['explorer', data.explorer ?? undefined],
    [
      'cancel',
      data.cancel_requested
        ? `requested${data.status === 'mined' ? ', but too late' : ''}`
        : undefined,
    ],
    ['reason', data.reason?.text],
    ['problem', data.problem && style.red(data.problem)],
    ['created', time(data.created_at)],
    ['updated', time(data.updated_at)],
    // The hash needs its own line to fit in 80 columns.
    ...data.attempts.flatMap(
      ({ hash, purpose, max_fee_per_gas: fee }, index) => {
        const isMined =
          data.block_number !== null && hash === data.signed_tx_hash
        const price = `at most ${formatUnits(BigInt(fee), 9)} gwei per gas`
        return [
          [`attempt ${index}`, hash],
          ['', `${purpose}, ${price}${isMined ? ', mined' : ''}`],
        ] as const
      },
    ),
  ])
}

function statusText(data: Summary['data'], style: Style): string {
  const { status, final, receipt_status: outcome } = data
  const meaning = isCanceling(data)
    ? 'a cancellation is in progress'
    : isUnpaid(data)
      ? `${status === 'replaced' ? 'canceled, so ' : ''}the transaction was NOT mined`
      : outcome === 'reverted'
        ? 'REVERTED, only the fee was paid'
        : undefined
  return [
    `${paintStatus(status, style)}${final ? ', final' : ''}`,
    ...(meaning === undefined ? [] : [style.red(meaning)]),
  ].join(': ')
}

/** Says what the block contains: it may be what replaced the transaction. */
function blockText(data: Summary['data']): string | undefined {
  const { block_number: block, receipt_status: outcome } = data
  if (block === null) return undefined
  return isUnpaid(data)
    ? `${block}, with a zero-value transfer in its place`
    : `${block}, ${outcome ?? 'outcome unknown'}`
}

/** An expired transaction can still be mined until its outcome is settled. */
function isUnpaid({ status, final, block_number: block }: Summary['data']) {
  return status !== 'mined' && (final || block !== null)
}
