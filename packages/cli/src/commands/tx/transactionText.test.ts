import type { Summary } from '@keyward/toolkit/send'
import { expect, test } from 'vitest'
import { plain } from '../../../../../test/support/styles.js'
import { transactionText } from './transactionText.js'

const data = {
  ...{ transaction_id: 'a'.repeat(40), idempotency_key: 'order-17' },
  ...{ nonce: 3, value_wei: '1', dst_address: `0x${'7a'.repeat(20)}` },
  ...{ status: 'sent', final: false, block_number: null },
  ...{ receipt_status: null, cancel_requested: false, explorer: null },
  ...{ reason: null, attempts: [] as object[] },
  created_at: new Date().toISOString(),
  updated_at: new Date().toISOString(),
}
const mined = { block_number: 4, receipt_status: 'succeeded' }
const instead = '4, with a zero-value transfer in its place'
const cancel = { hash: '0x01', purpose: 'cancel', max_fee_per_gas: '1' }

test.each([
  [{}, 'sent', undefined],
  [
    { cancel_requested: true },
    'sent: a cancellation is in progress',
    undefined,
  ],
  [{ attempts: [cancel] }, 'sent: a cancellation is in progress', undefined],
  // It can still be mined.
  [{ status: 'expired' }, 'expired', undefined],
  [{ status: 'mined', ...mined }, 'mined', '4, succeeded'],
  [
    { status: 'mined', ...mined, receipt_status: 'reverted' },
    'mined: REVERTED, only the fee was paid',
    '4, reverted',
  ],
  [
    { status: 'replaced', ...mined, cancel_requested: true },
    'replaced: canceled, so the transaction was NOT mined',
    instead,
  ],
  [
    { status: 'expired', ...mined, final: true },
    'expired, final: the transaction was NOT mined',
    instead,
  ],
  [
    { status: 'dropped', final: true, cancel_requested: true },
    'dropped, final: the transaction was NOT mined',
    undefined,
  ],
])('%j reads as it ended', (given, status, block) => {
  const text = transactionText(
    { ...data, ...given } as unknown as Summary['data'],
    { fee: undefined, chainId: 31337, style: plain },
  )
  expect(/^status +(.+)$/m.exec(text)?.[1]).toBe(status)
  expect(/^block +(.+)$/m.exec(text)?.[1]).toBe(block)
})

test('a cancellation that came too late says so', () => {
  const text = transactionText(
    {
      ...{ ...data, status: 'mined', ...mined, cancel_requested: true },
    } as unknown as Summary['data'],
    { fee: undefined, chainId: 31337, style: plain },
  )
  expect(text).toMatch(/^cancel +requested, but too late$/m)
})
