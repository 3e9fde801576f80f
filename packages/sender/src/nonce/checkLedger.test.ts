import type { Rpc } from '@keyward/core/rpc'
import { systemRuntime } from '@keyward/core/rpc'
import { expect, test } from 'vitest'
import { boundStore } from '../../../../test/support/requireDeadline.js'
import { createLedger } from '../ledger/createLedger.js'
import { createStore } from '../ledger/memory/createStore.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { checkLedger } from './checkLedger.js'

const account: Account = { chainId: 1, address: `0x${'ab'.repeat(20)}` }

/** Blocks at which the count was asked for. */
const asked: unknown[] = []

/** A chain at block 100, on which the account has this count. */
const rpcOf = (count: number) =>
  ({
    chainId: 1,
    async request(
      method: string,
      [, block]: unknown[],
      { check = (result: unknown) => result } = {},
    ) {
      if (method === 'eth_getTransactionCount') asked.push(block)
      const answers: Record<string, unknown> = {
        eth_getTransactionCount: `0x${count.toString(16)}`,
        eth_getBlockByNumber: {
          ...{ number: '0x64', hash: `0x${'1'.repeat(64)}` },
          ...{ parentHash: `0x${'2'.repeat(64)}`, timestamp: '0x1' },
          ...{ baseFeePerGas: '0x1', gasLimit: '0x1c9c380', gasUsed: '0x0' },
          transactions: [],
        },
      }
      check(answers[method])
      return answers[method]
    },
    check: async () => [{ endpoint: 'https://rpc.example', latencyMs: 1 }],
  }) as unknown as Rpc

function open(tableName = 'ledger') {
  const store = createStore(tableName)
  const ledger = createLedger(store, systemRuntime)
  const bound = createLedger({ ...store, ...boundStore(store) }, systemRuntime)
  const check = (
    count: number,
    options: { newLedger?: bigint | 'any'; maxForeign?: number } = {},
  ) =>
    checkLedger(
      { ledger: bound, rpc: rpcOf(count), account, ...options },
      { deadline: Date.now() + 5000 },
    )
  return { store, ledger, check }
}

test('an account that has sent nothing may begin, and no head is written', async () => {
  const { store, check } = open()
  await check(0)
  expect(store.items.size).toBe(0)
})

test('one that has sent before may begin only at the given count', async () => {
  const { store, check } = open()
  await expect(check(5)).rejects.toThrow('the table "ledger" has none of them')
  await expect(check(5, { newLedger: 4n })).rejects.toThrow('NEW_LEDGER is 4')
  await check(5, { newLedger: 5n })
  await check(5, { newLedger: 'any' })
  expect(store.items.size).toBe(0)
})

test('problems that stop a sender are found, and nothing is raised or halted', async () => {
  const { store, ledger, check } = open()
  await ledger.createHead(account, 5n)
  asked.length = 0
  await check(5)
  // What waits in the pool is no use by others yet.
  expect(new Set(asked)).toEqual(new Set(['latest']))
  await check(8)
  await expect(check(9)).rejects.toThrow(
    'The ledger is missing 4 of them, but MAX_FOREIGN allows 3',
  )
  await check(9, { maxForeign: Number.POSITIVE_INFINITY })
  expect((await ledger.getHead(account))?.next).toBe(5n)
  expect(store.items.size).toBe(1)
  await ledger.haltHead(account, { reason: 'missing', below: 5n })
  await expect(check(5)).rejects.toThrow(
    'is used on the chain but missing from the table',
  )
})

test('a head that the chain will never reach', async () => {
  const { ledger, check } = open()
  await ledger.createHead(account, 10n ** 15n)
  await expect(check(5)).rejects.toThrow('its next nonce is 1000000000000000')
})

test('a table that was restored under another name', async () => {
  const before = open('treasury')
  await before.ledger.createHead(account, 5n)
  const store = createStore('restored', before.store.items)
  const options = { ledger: createLedger(store, systemRuntime), account }
  await expect(
    checkLedger({ ...options, rpc: rpcOf(5) }, { deadline: Date.now() + 5000 }),
  ).rejects.toThrow(
    'is a restored copy of the table "treasury" and lacks all later changes',
  )
})
