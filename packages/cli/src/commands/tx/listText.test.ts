import type { ListWire } from '@keyward/sender'
import { expect, test } from 'vitest'
import { runInProcess } from '../../../../../test/support/runInProcess.js'
import { testTerminal } from '../../../../../test/support/testTerminal.js'
import { statuses } from '../../../../sender/src/ledger/TransactionRecord.js'
import { listText } from './listText.js'

const options = {
  ...{ limit: undefined, after: undefined, status: undefined },
  since: undefined,
}
const show = (given: object, next: string | null, readCount = 0) =>
  listText(
    testTerminal(),
    { listed: { transactions: [], next }, readCount, chainId: 31337 },
    { ...options, ...given },
  )

const item = {
  ...{ transaction_id: 'a'.repeat(40), idempotency_key: 'order-17' },
  ...{ nonce: 3, value_wei: '1', dst_address: `0x${'7a'.repeat(20)}` },
  ...{ status: 'sent', final: false, block_number: null },
  ...{ cancel_requested: true, created_at: new Date().toISOString() },
} as ListWire['transactions'][number]
const list = (columns: number, ...transactions: object[]) =>
  listText(
    testTerminal('', {}, columns),
    {
      listed: {
        transactions: transactions.map((each) => ({ ...item, ...each })),
        next: null,
      },
      ...{ readCount: transactions.length, chainId: 31337 },
    },
    options,
  )

test('a cancellation is not listed like a payment', () => {
  const replaced = { status: 'replaced', block_number: 4 }
  const mined = { status: 'mined', block_number: 4 }
  expect(list(120, {}, replaced, mined)).toMatchInlineSnapshot(`
    "AGE  STATUS    REQUEST   NONCE  AMOUNT (ETH)          TO
    0 s  sent*     order-17      3  0.000000000000000001  0x7A7a7A7a7a7a7a7A7a7a7a7A7a7A7A7A7A7A7a7A
    0 s  replaced  order-17      3  0.000000000000000001  0x7A7a7A7a7a7a7a7A7a7a7a7A7a7A7A7A7A7A7a7A
    0 s  mined     order-17      3  0.000000000000000001  0x7A7a7A7a7a7a7a7A7a7a7a7A7a7A7A7A7A7A7a7A
    *  a cancellation is in progress
    replaced: canceled, and NOT mined"
  `)
  expect(list(120, mined)).not.toContain('cancel')
})

test('the help names each status', async () => {
  const { stdout } = await runInProcess(['tx', 'list', '--help'])
  const help = stdout.replace(/\s+/g, ' ')
  expect(help).toContain(
    `${statuses.slice(0, -1).join(', ')} or ${statuses.at(-1)}`,
  )
  expect(help).toContain('at most 100')
})

test('a search that is not over does not claim that there is nothing', () => {
  expect(show({ status: 'replaced' }, '1-ab', 1000)).toBe(
    `None of the newest 1000 transactions has the status replaced.
More: keyward tx list --status replaced --after 1-ab`,
  )
})

test('the next page is asked with the same flags', () => {
  const given = {
    ...{
      limit: 2,
      status: 'mined',
      since: Date.UTC(2026, 0, 1),
      after: '2-ab',
    },
    ...{ stack: 'treasury', caller: 'payouts' },
    urls: ['https://node.example/secret'],
  }
  expect(show(given, '1-ab', 7)).toBe(
    `None of the next 7 transactions has the status mined.
More: keyward tx list --limit 2 --status mined --since 2026-01-01T00:00:00.000Z --stack treasury --caller payouts --after 1-ab`,
  )
})

test('an empty list says what there is none of', () => {
  expect(show({}, null)).toBe('There are no transactions.')
  expect(show({ status: 'mined', after: '1-ab' }, null)).toBe(
    'There are no more transactions with the status mined.',
  )
})
