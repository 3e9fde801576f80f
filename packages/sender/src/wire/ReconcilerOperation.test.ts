import { describe, expect, test } from 'vitest'
import type { Reconciler } from '../createReconciler.js'
import * as Report from '../reconcile/Report.js'
import type { Repair } from '../reconcile/repair/RepairReport.js'
import * as ReconcilerOperation from './ReconcilerOperation.js'

const hash = `0x${'ab'.repeat(32)}` as const

describe('events', () => {
  test('are read with all their fields', () => {
    const read = ReconcilerOperation.fromEvent
    expect(read({ operation: 'reconcile' })).toEqual({ operation: 'reconcile' })
    expect(read({ operation: 'repair' })).toEqual({
      operation: 'repair',
      dryRun: false,
    })
    expect(read({ operation: 'repair', dry_run: true })).toEqual({
      operation: 'repair',
      dryRun: true,
    })
    const caller = 'order-service'
    expect(
      read({
        operation: 'adopt',
        hash: hash.toUpperCase().replace('0X', '0x'),
        caller,
        idempotency_key: 'order-17',
      }),
    ).toEqual({
      operation: 'adopt',
      request: { hash, caller, idempotencyKey: 'order-17' },
    })
  })

  test.each([
    [null],
    ['repair'],
    [[]],
    [{}],
    [{ operation: 'destroy' }],
    [{ operation: 'reconcile', dry_run: true }],
    [{ operation: 'repair', dry_run: 'yes', hash }],
    [{ operation: 'adopt' }],
    [{ operation: 'adopt', hash: '0x12', caller: 'a b', idempotency_key: '' }],
  ])('%j is refused', (event) => {
    expect(() =>
      ReconcilerOperation.fromEvent(event),
    ).toThrowErrorMatchingSnapshot()
  })
})

/** A reconciler that answers so. */
const createTold = (answers: object) => answers as Reconciler
const { perform } = ReconcilerOperation

test('reconcile', async () => {
  const report = Report.create()
  Report.addNotice(report, {
    type: 'transaction.stuck',
    text: 'It is stuck.',
    transactionId: 'id',
    nonce: 4,
  })
  Report.addNotice(report, { type: 'chain.behind', text: 'It is behind.' })
  const reconciler = createTold({ run: async () => report })
  expect(await perform(reconciler, { operation: 'reconcile' }, {})).toEqual({
    ...report,
    notices: [
      {
        type: 'transaction.stuck',
        text: 'It is stuck.',
        transaction_id: 'id',
        nonce: 4,
      },
      { type: 'chain.behind', text: 'It is behind.' },
    ],
  })
})

test('repair', async () => {
  const found: Repair = {
    found: [
      {
        nonce: 4n,
        hash,
        to: `0x${'77'.repeat(20)}`,
        value: 2n ** 100n,
        data: `0x${'ab'.repeat(68)}`,
        isMined: true,
      },
      {
        nonce: 5n,
        hash,
        to: undefined,
        value: 0n,
        data: `0x${'ab'.repeat(69)}`,
        isMined: false,
      },
    ],
    unproven: [6n],
    lost: [3n],
    lowered: { from: 10n ** 15n, to: 6n },
    refused: ['id'],
    complete: false,
    dryRun: true,
  }
  const asked: unknown[] = []
  const reconciler = createTold({
    repair: async (options: unknown) => {
      asked.push(options)
      return found
    },
  })
  expect(
    await perform(
      reconciler,
      { operation: 'repair', dryRun: true },
      { deadline: 5 },
    ),
  ).toMatchInlineSnapshot(`
    {
      "complete": false,
      "dry_run": true,
      "found": [
        {
          "data": "0xabababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab",
          "dst_address": "0x7777777777777777777777777777777777777777",
          "hash": "0xabababababababababababababababababababababababababababababababab",
          "mined": true,
          "nonce": 4,
          "value_wei": "1267650600228229401496703205376",
        },
        {
          "data": "0xabababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab…",
          "dst_address": null,
          "hash": "0xabababababababababababababababababababababababababababababababab",
          "mined": false,
          "nonce": 5,
          "value_wei": "0",
        },
      ],
      "lost": [
        3,
      ],
      "lowered": {
        "from": "1000000000000000",
        "to": "6",
      },
      "refused": [
        "id",
      ],
      "unproven": [
        6,
      ],
    }
  `)
  expect(asked).toEqual([{ deadline: 5, dryRun: true }])
  expect(
    ReconcilerOperation.toRepairWire({ ...found, lowered: undefined }).lowered,
  ).toBe(null)
})

test('adopt', async () => {
  const asked: unknown[] = []
  const reconciler = createTold({
    adopt: async (...given: unknown[]) => {
      asked.push(...given)
      return { transactionId: 'id', status: 'mined', hash, nonce: 4 }
    },
  })
  const request = { hash, caller: 'a', idempotencyKey: 'b' }
  expect(
    await perform(reconciler, { operation: 'adopt', request }, { deadline: 5 }),
  ).toEqual({
    transaction_id: 'id',
    signed_tx_hash: hash,
    nonce: 4,
    status: 'mined',
  })
  expect(asked).toEqual([request, { deadline: 5 }])
})
