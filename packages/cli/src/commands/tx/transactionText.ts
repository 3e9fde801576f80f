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
import type { Summary } from '@keyward/toolkit/send'
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
    [
      'status',
      `${paintStatus(data.status, style)}${data.final ? ', final' : ''}`,
    ],
    ['nonce', data.nonce === null ? undefined : String(data.nonce)],
    [
      'to',
      data.dst_address === null
        ? 'a new contract'
        : AddressField.toChecksum(data.dst_address),
    ],
    ['value', money(BigInt(data.value_wei))],
    [
      'block',
      data.block_number === null
        ? undefined
        : `${data.block_number}, ${data.receipt_status ?? 'outcome unknown'}`,
    ],
    ['fee paid', fee === undefined ? undefined : money(fee)],
    ['explorer', data.explorer ?? undefined],
    ['cancel', data.cancel_requested ? 'requested' : undefined],
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
