import { expect, test } from 'vitest'
import type { Sender } from '../createSender.js'
import type { GetAnswer, ListItem, SendAnswer } from '../operations/Answer.js'
import { perform } from './perform.js'

const hash = `0x${'ab'.repeat(32)}` as const
const send: SendAnswer = {
  transactionId: 'id',
  hash,
  nonce: 7,
  status: 'refused',
  problem: 'The node refused it.',
  reason: { code: 'rpc-refused', text: 'No node took it.' },
  cancelHash: hash,
}
const nothing: SendAnswer = {
  transactionId: 'id',
  hash: undefined,
  nonce: undefined,
  status: 'accepted',
  problem: undefined,
  reason: undefined,
  cancelHash: undefined,
}
const { cancelHash: _, ...common } = send
const item: ListItem = {
  ...common,
  idempotencyKey: 'order-17',
  final: true,
  checked: false,
  blockNumber: 12n,
  receiptStatus: 'reverted',
  to: `0x${'77'.repeat(20)}`,
  value: 2n ** 200n,
  cancelRequested: true,
  createdAt: 1_767_225_600_000,
  updatedAt: 1_767_225_601_000,
}
const { cancelHash: __, ...nothingCommon } = nothing
const bare: ListItem = {
  ...item,
  ...nothingCommon,
  final: false,
  checked: true,
  blockNumber: undefined,
  receiptStatus: undefined,
  to: undefined,
}
const got: GetAnswer = {
  ...item,
  attempts: [
    {
      hash,
      purpose: 'request',
      gas: 21_000n,
      maxFeePerGas: 9n,
      maxPriorityFeePerGas: 1n,
      signedAt: 1_767_225_600_500,
    },
  ],
}

/** A sender that answers so, and remembers what it was asked. */
function createTold(answers: Partial<Record<keyof Sender, unknown>>) {
  const asked: unknown[][] = []
  const tell =
    (name: keyof Sender) =>
    async (...given: unknown[]) => {
      asked.push([name, ...given])
      return answers[name]
    }
  const names = ['send', 'get', 'list', 'speedUp', 'cancel'] as const
  const sender = Object.fromEntries(names.map((name) => [name, tell(name)]))
  return { sender: sender as Sender, asked }
}

const call = { caller: 'shop', deadline: 5 }
const reference = { idempotencyKey: 'order-17' }

test('send', async () => {
  const request = { value: 1n } as never
  const { sender, asked } = createTold({ send })
  expect(
    await perform(sender, { operation: 'send', request }, call),
  ).toMatchInlineSnapshot(`
    {
      "cancel_tx_hash": "0xabababababababababababababababababababababababababababababababab",
      "nonce": 7,
      "problem": "The node refused it.",
      "reason": {
        "code": "rpc-refused",
        "text": "No node took it.",
      },
      "signed_tx_hash": "0xabababababababababababababababababababababababababababababababab",
      "status": "refused",
      "transaction_id": "id",
    }
  `)
  expect(asked).toEqual([['send', request, call]])
  const other = createTold({ send: nothing })
  expect(
    await perform(other.sender, { operation: 'send', request }, call),
  ).toMatchInlineSnapshot(`
    {
      "nonce": null,
      "signed_tx_hash": null,
      "status": "accepted",
      "transaction_id": "id",
    }
  `)
})

test('get', async () => {
  const { sender, asked } = createTold({ get: got })
  expect(
    await perform(sender, { operation: 'get', reference }, call),
  ).toMatchInlineSnapshot(`
    {
      "attempts": [
        {
          "gas": "21000",
          "hash": "0xabababababababababababababababababababababababababababababababab",
          "max_fee_per_gas": "9",
          "max_priority_fee_per_gas": "1",
          "purpose": "request",
          "signed_at": "2026-01-01T00:00:00.500Z",
        },
      ],
      "block_number": 12,
      "cancel_requested": true,
      "checked": false,
      "created_at": "2026-01-01T00:00:00.000Z",
      "dst_address": "0x7777777777777777777777777777777777777777",
      "final": true,
      "idempotency_key": "order-17",
      "nonce": 7,
      "problem": "The node refused it.",
      "reason": {
        "code": "rpc-refused",
        "text": "No node took it.",
      },
      "receipt_status": "reverted",
      "signed_tx_hash": "0xabababababababababababababababababababababababababababababababab",
      "status": "refused",
      "transaction_id": "id",
      "updated_at": "2026-01-01T00:00:01.000Z",
      "value_wei": "1606938044258990275541962092341162602522202993782792835301376",
    }
  `)
  expect(asked).toEqual([['get', reference, call]])
})

test('list', async () => {
  const { sender, asked } = createTold({
    list: { transactions: [bare], next: '1-2' },
  })
  const request = { limit: 5, after: '2-3', status: 'sent' } as const
  expect(
    await perform(sender, { operation: 'list', ...request }, call),
  ).toMatchInlineSnapshot(`
    {
      "next": "1-2",
      "transactions": [
        {
          "block_number": null,
          "cancel_requested": true,
          "checked": true,
          "created_at": "2026-01-01T00:00:00.000Z",
          "dst_address": null,
          "final": false,
          "idempotency_key": "order-17",
          "nonce": null,
          "reason": null,
          "receipt_status": null,
          "signed_tx_hash": null,
          "status": "accepted",
          "transaction_id": "id",
          "updated_at": "2026-01-01T00:00:01.000Z",
          "value_wei": "1606938044258990275541962092341162602522202993782792835301376",
        },
      ],
    }
  `)
  expect(asked).toEqual([['list', { operation: 'list', ...request }, call]])
  const empty = createTold({ list: { transactions: [], next: undefined } })
  expect(await perform(empty.sender, { operation: 'list' }, call)).toEqual({
    transactions: [],
    next: null,
  })
})

test('speed_up and cancel', async () => {
  const { sender, asked } = createTold({ speedUp: send, cancel: send })
  const options = { speed: 'fast', maxFeePerGas: 9n } as const
  const speedUp = { operation: 'speed_up', reference, ...options } as const
  const sent = await perform(sender, speedUp, call)
  expect(sent).toEqual(
    await perform(sender, { operation: 'cancel', reference }, call),
  )
  expect(sent.cancel_tx_hash).toBe(hash)
  expect(asked).toEqual([
    ['speedUp', reference, speedUp, call],
    ['cancel', reference, call],
  ])
})

test("the sender's errors pass through", async () => {
  const sender = {
    get: async () => {
      throw new Error('down')
    },
  } as unknown as Sender
  await expect(
    perform(sender, { operation: 'get', reference }, call),
  ).rejects.toThrow('down')
})
