import { expect, test } from 'vitest'
import * as Repair from './Repair.js'

const hash = (digit: string) => `0x${digit.repeat(64)}` as const
const to = `0x${'70'.repeat(20)}` as const
const none: Repair.Repair = {
  ...{ complete: false, dry_run: true, found: [], unproven: [], lost: [] },
  ...{ lowered: null, refused: [] },
}
const found: Repair.Repair['found'] = [
  {
    ...{ nonce: 9, hash: hash('a'), dst_address: to, data: '0x' },
    ...{ value_wei: '1500000000000000000', mined: true },
  },
  {
    ...{ nonce: 10, hash: hash('b'), dst_address: null, data: '0x6001' },
    ...{ value_wei: '0', mined: false },
  },
]

test('the plan shows everything that is wrong', () => {
  const plan = Repair.format({
    ...none,
    found,
    unproven: [3, 5, 6, 7],
    lost: [8],
    lowered: { from: '1000000000000000', to: '11' },
    refused: ['ab'.repeat(20)],
  })
  expect(
    plan,
  ).toBe(`2 transactions on the chain or in the pool are missing from the ledger:
  nonce 9, mined: value 1.5
    hash ${hash('a')}
    to   ${to}
  nonce 10, in the pool: value 0 and data
    hash ${hash('b')}
    to   (new contract)

4 nonces are used, but no node has the transactions: 3, 5 to 7.
Use a node that keeps the chain's history (rpcUrl, or --rpc-url with --ledger). If the transactions are still in a pool, wait until they are mined.

1 nonce below a transaction in the pool might have been used for signed transactions that no node has: 8.
No requests are accepted until all of these nonces are used and final. The reconciler fills them with zero-value transfers.

The ledger's next nonce is 1000000000000000, which the chain will not reach. The repair lowers it to 11.

1 request got a nonce that will never be mined. Each ends as refused (unreachable-nonce). Send each again with another idempotency key:
  ${'ab'.repeat(20)}`)
})

test('the question describes the changes', () => {
  expect(Repair.describe(none)).toBe("makes the table the account's ledger")
  const lowered = { from: '1000000', to: '11' }
  expect(Repair.describe({ ...none, found, lowered, refused: ['a'] })).toBe(
    "records 2 transactions, lowers the next nonce to 11, refuses 1 request, and makes the table the account's ledger",
  )
})

test('the end says what remains', () => {
  const stack = { stack: 'treasury' }
  expect(Repair.formatEnd({ ...none, complete: true }, stack)).toBe(
    'The ledger is complete. Recorded 0 transactions.',
  )
  expect(Repair.formatEnd({ ...none, found, complete: true }, stack)).toContain(
    'keyward tx adopt HASH --caller ALIAS --as KEY',
  )
  expect(Repair.formatEnd({ ...none, found }, stack)).toBe(
    `NOT complete: no requests are accepted yet. Recorded 2 transactions.
There was not enough time to record all missing transactions. Run keyward tx repair --stack treasury again to continue.`,
  )
  expect(Repair.formatEnd({ ...none, unproven: [4] }, {})).toBe(
    `NOT complete: no requests are accepted yet. Recorded 0 transactions.
1 nonce is used, but no node has the transactions: 4.
Use a node that keeps the chain's history (rpcUrl, or --rpc-url with --ledger). If the transactions are still in a pool, wait until they are mined.
Then run keyward tx repair again.`,
  )
})
