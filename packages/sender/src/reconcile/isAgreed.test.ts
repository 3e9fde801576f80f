import { expect, test } from 'vitest'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { Found } from '../transaction/findMined.js'
import { isAgreed } from './isAgreed.js'
import * as Report from './Report.js'
import type { Run } from './Run.js'

const receipt = { blockHash: '0xb1', receiptStatus: 'succeeded' }
const found = {
  attempt: { hash: '0x01' },
  receipt: { ...receipt, blockNumber: 100n },
} as unknown as Found
const transaction = { id: 'one', updatedAt: 0 } as Outline

/** Two providers that have the block, each with a head of its own. */
const runWith = (heads: bigint[]) =>
  ({
    settings: { confirmations: 12 },
    deadline: Infinity,
    context: {
      finalEndpoints: 2,
      runtime: { now: () => 0 },
      chain: {
        getProviders: async () => ['one', 'other'],
        getReceipts: async () => [receipt, receipt],
        getHeads: async () => heads,
      },
    },
  }) as unknown as Run

test('a future time in its row does not prevent the report', async () => {
  const later = { ...transaction, ...receipt, updatedAt: 1e12 }
  const run = {
    ...runWith([111n]),
    report: Report.create(),
  }
  Object.assign(run.context, {
    told: { isDue: () => true },
    ledger: { noteProblem: async () => undefined },
  })
  expect(await isAgreed(run, later as Outline, found)).toBe(false)
  expect(run.report.notices).toMatchObject([
    { type: 'transaction.unconfirmed' },
  ])
})

test.each([
  ['both have enough blocks on top', [111n, 111n], true],
  ['one pretends that it is deep', [1000n, 110n], false],
  ['one does not say', [1000n], false],
])('%s', async (_, heads, agreed) => {
  expect(await isAgreed(runWith(heads), transaction, found)).toBe(agreed)
})
