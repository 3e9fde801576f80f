import { expect, test } from 'vitest'
import { lookUpAll } from './readPaid.js'

test('a transaction that ends during listing is shown from its record', async () => {
  const listed = {
    ...{ transaction_id: 'ab', status: 'sent', final: false },
    ...{ block_number: null, receipt_status: null, signed_tx_hash: '0x12' },
  }
  const record = {
    ...{ ...listed, status: 'mined', final: true, block_number: 1 },
    receipt_status: 'succeeded',
  }
  const access = { get: async () => record as never }
  const urls = ['http://127.0.0.1:1']
  expect(
    await lookUpAll(access, [listed as never], { urls, chainId: 31337 }),
  ).toEqual([record])
})
