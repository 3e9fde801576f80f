import type { GetWire, Rpc } from '@keyward/sender'
import { expect, test } from 'vitest'
import { findReceipt } from '../../../toolkit/src/send/follow.js'
import { followedResult } from './followedResult.js'

const hash = `0x${'ab'.repeat(32)}` as const
const answer = {
  transaction_id: 'a'.repeat(40),
  idempotency_key: 'order-17',
  signed_tx_hash: hash,
  nonce: 3,
  status: 'sent',
  final: false,
  block_number: null,
  receipt_status: null,
  reason: null,
  cancel_requested: false,
  attempts: [{ hash, purpose: 'request' }],
} as unknown as GetWire

test.each([
  ['0x1', 0, 'succeeded', 'mined in block 7'],
  ['0x01', 0, 'succeeded', 'mined in block 7'],
  ['0x0', 1, 'reverted', 'REVERTED in block 7: only the fee was paid'],
  [
    undefined,
    1,
    null,
    "mined in block 7; this chain doesn't say whether the transaction succeeded",
  ],
])('a receipt with status %s', async (status, exitCode, outcome, text) => {
  const rpc = {
    request: async () => ({ blockNumber: '0x7', status }),
  } as unknown as Rpc
  const receipt = await findReceipt(rpc, answer)
  const stuck = { ...answer, problem: 'insufficient funds' }
  const seen = followedResult({ answer: stuck, receipt }, 1, {})
  expect(seen).toMatchObject({ exitCode, data: { receipt_status: outcome } })
  expect(seen.data).not.toHaveProperty('problem')
  expect(seen.text).toContain(text)
  // As the ledger reports it later.
  const told = {
    ...answer,
    status: 'mined',
    block_number: 7,
    receipt_status: outcome,
  } as GetWire
  const later = followedResult({ answer: told, receipt: undefined }, 1, {})
  expect(later).toMatchObject({ exitCode, data: { receipt_status: outcome } })
  expect(later.text).toContain(text)
})
