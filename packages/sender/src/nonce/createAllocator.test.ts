import type { Runtime } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import { createRandom } from '../../../../test/support/chaos/random.js'
import {
  createTestKey,
  createTestRuntime,
  createTestTable,
} from '../../../../test/support/senderParts.js'
import { LedgerServiceError } from '../ledger/errors.js'
import type { Ledger } from '../ledger/Ledger.js'
import { filler } from '../ledger/NonceRecord.js'
import type { Store } from '../ledger/Store.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { type Allocation, createAllocator } from './createAllocator.js'

const idOf = (number: number) => String(number).padStart(40, '0')
const deadline = Number.MAX_SAFE_INTEGER

let account: Account
let runtime: Runtime
let table: ReturnType<typeof createTestTable>
let ledger: Ledger
beforeEach(async () => {
  account = await createTestKey().getAccount()
  ;({ runtime } = createTestRuntime())
  table = createTestTable(runtime)
  ledger = table.newLedger()
})

/** A process: nothing but the table is shared. */
const open = (own: Ledger = table.newLedger(), floor = 0n) =>
  createAllocator({
    ledger: own,
    account,
    runtime,
    watch: {
      async assertComplete() {
        const head = await own.getHead(account)
        if (head === undefined) throw new Error('There is no head.')
        return { head, floor }
      },
    },
  })

/** Each call waits for its turn among those of others. */
const slowly = (random = createRandom(7)) => {
  const wait = async () => {
    for (let turns = random.below(8); turns > 0; turns--)
      await new Promise<void>((resolve) => setImmediate(resolve))
  }
  return (store: Store): Partial<Store> => ({
    async get(...given) {
      await wait()
      return store.get(...given)
    },
    async create(...given) {
      await wait()
      const created = await store.create(...given)
      await wait()
      return created
    },
    async update(...given) {
      await wait()
      const updated = await store.update(...given)
      await wait()
      return updated
    },
  })
}

describe('8 processes at once', () => {
  test('give each nonce once, and leave none out', async () => {
    await ledger.createHead(account, 5n)
    const allocators = Array.from({ length: 8 }, (_, seed) =>
      open(table.newLedger('ledger', slowly(createRandom(seed)))),
    )
    const given = await Promise.all(
      Array.from({ length: 160 }, async (_, number) => ({
        owner: idOf(number),
        ...(await allocators[number % 8]!.allocate(idOf(number), deadline)),
      })),
    )
    const nonces = given.map(({ nonce }) => Number(nonce)).sort((a, b) => a - b)
    expect(nonces).toEqual(Array.from({ length: 160 }, (_, n) => n + 5))
    expect(new Set(given.map(({ claim }) => claim)).size).toBe(160)
    for (const { nonce, owner, claim } of given)
      expect(await ledger.getNonce(account, nonce)).toMatchObject({
        owner,
        claim,
      })
    expect((await ledger.getHead(account))?.next).toBe(165n)
  })

  test('give again what came back, and to one only', async () => {
    await ledger.createHead(account, 0n)
    const allocators = Array.from({ length: 8 }, (_, seed) =>
      open(table.newLedger('ledger', slowly(createRandom(seed)))),
    )
    const kept: Allocation[] = []
    await Promise.all(
      allocators.map(async (allocator, worker) => {
        for (let round = 0; round < 12; round++) {
          const owner = idOf(worker * 100 + round)
          const allocation = await allocator.allocate(owner, deadline)
          const { nonce, claim } = allocation
          if (round % 2 === 0) kept.push(allocation)
          else
            expect(
              await allocator.giveBack(nonce, { owner, claim }, deadline),
            ).toBe(true)
        }
      }),
    )
    const nonces = kept.map(({ nonce }) => nonce)
    expect(new Set(nonces).size).toBe(48)
    // What is free at the end is given next, so that there is no gap.
    const head = await ledger.getHead(account)
    const left = await Promise.all(
      Array.from({ length: Number(head!.next) - 48 }, (_, n) =>
        open().allocate(idOf(9000 + n), deadline),
      ),
    )
    expect(
      [...nonces, ...left.map(({ nonce }) => nonce)]
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: Number(head!.next) }, (_, n) => n))
  })
})

test('those that wait share one write of the head', async () => {
  await ledger.createHead(account, 0n)
  let writes = 0
  const counted = table.newLedger('ledger', (store) => ({
    update(key, ...rest) {
      if (key.sk === 'head') writes++
      return store.update(key, ...rest)
    },
  }))
  const allocator = open(counted)
  await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      allocator.allocate(idOf(n), deadline),
    ),
  )
  // 64 at most in one.
  expect(writes).toBe(2)
})

describe('what a process that died has left', () => {
  beforeEach(async () => {
    await ledger.createHead(account, 2n)
    await ledger.advanceHead(account, 4)
    await ledger.reserve(account, 2n, idOf(1))
    await ledger.createFree(account, 4n)
    await ledger.reserve(account, 5n, filler)
  })

  test('is given first: numbers without a row, and without an owner', async () => {
    const allocator = open()
    const given: bigint[] = []
    for (const number of [2, 3, 4])
      given.push((await allocator.allocate(idOf(number), deadline)).nonce)
    expect(given).toEqual([3n, 6n, 7n])
    // Only what somebody has given back, or a new process finds.
    expect((await open().allocate(idOf(5), deadline)).nonce).toBe(4n)
  })

  test('all of it to those that wait together', async () => {
    const allocator = open()
    const given = await Promise.all(
      [2, 3, 4].map((number) => allocator.allocate(idOf(number), deadline)),
    )
    expect(given.map(({ nonce }) => nonce).sort()).toEqual([3n, 4n, 6n])
  })

  test('but nothing that the chain has used', async () => {
    expect((await open(ledger, 4n).allocate(idOf(2), deadline)).nonce).toBe(4n)
    expect((await open(ledger, 5n).allocate(idOf(3), deadline)).nonce).toBe(6n)
  })

  test('not below the first of the ledger, and what the chain comes to next first', async () => {
    const head = await ledger.getHead(account)
    await ledger.raiseHead(account, head!, 200n, true)
    expect((await open().allocate(idOf(2), deadline)).nonce).toBe(3n)
  })

  test('nor what is signed for', async () => {
    const { sign } = createTestKey()
    const raw = await sign({ nonce: 3n })
    await ledger.createExternal(account, 3n, raw)
    expect((await open().allocate(idOf(2), deadline)).nonce).toBe(4n)
  })
})

test('numbers above the head that the chain has used are passed by', async () => {
  await ledger.createHead(account, 2n)
  const allocator = open(ledger, 4n)
  expect((await allocator.allocate(idOf(1), deadline)).nonce).toBe(4n)
  expect(await ledger.listNonces(account, 0n, 3n)).toEqual([])
})

test('free numbers that the chain has used are passed by', async () => {
  await ledger.createHead(account, 0n)
  await ledger.advanceHead(account, 3)
  for (const nonce of [0n, 1n, 2n]) {
    await ledger.createFree(account, nonce)
    await ledger.addFree(account, nonce)
  }
  const allocator = open(ledger, 2n)
  expect((await allocator.allocate(idOf(1), deadline)).nonce).toBe(2n)
  expect((await allocator.allocate(idOf(2), deadline)).nonce).toBe(3n)
  expect((await ledger.getHead(account))?.free).toEqual([])
})

test('a nonce is given back by who has it, and while nothing is signed', async () => {
  await ledger.createHead(account, 0n)
  const allocator = open()
  const owner = idOf(1)
  const { nonce, claim } = await allocator.allocate(owner, deadline)
  const giveBack = (from: { owner: string; claim: string | undefined }) =>
    allocator.giveBack(nonce, from, deadline)
  expect(await giveBack({ owner, claim: 'ff'.repeat(16) })).toBe(false)
  expect(await giveBack({ owner: idOf(2), claim })).toBe(false)
  expect(await giveBack({ owner, claim: undefined })).toBe(false)
  expect((await ledger.getHead(account))?.free).toEqual([])
  expect(await giveBack({ owner, claim })).toBe(true)
  // An answer that was lost is repeated.
  expect(await giveBack({ owner, claim })).toBe(true)
  expect((await ledger.getHead(account))?.free).toEqual([nonce])
  const next = await allocator.allocate(idOf(2), deadline)
  expect(next.nonce).toBe(nonce)
  expect(next.claim).not.toBe(claim)
  expect(await giveBack({ owner, claim })).toBe(false)
})

describe('nothing is given', () => {
  const refusalOf = (allocator = open()) =>
    allocator.allocate(idOf(1), deadline).then(
      () => undefined,
      (error) => error.message,
    )
  /** Watches say so too; these come in between. */
  const blind = (own: Ledger) =>
    createAllocator({
      ledger: own,
      account,
      runtime,
      watch: {
        assertComplete: async () => ({
          head: (await ledger.getHead(account))!,
          floor: 0n,
        }),
      },
    })

  test('while the ledger is halted', async () => {
    await ledger.createHead(account, 0n)
    await ledger.haltHead(account, { reason: 'missing', below: 3n })
    expect(await refusalOf(blind(ledger))).toMatchInlineSnapshot(`
      "The ledger is incomplete: a nonce below 3 is used on the chain and has no row.
      Nothing was accepted and nothing was signed: what the ledger does not know could be paid twice. It continues by itself once every transaction below nonce 3 is final and stands in the ledger; keyward tx repair does it now.
      See docs/errors/ledger-incomplete.md"
    `)
    expect((await ledger.getHead(account))?.next).toBe(0n)
  })

  test('of a table that was restored', async () => {
    await ledger.createHead(account, 0n)
    expect(
      await refusalOf(blind(table.newLedger('restored'))),
    ).toMatchInlineSnapshot(`
      "The ledger is incomplete: the table restored holds what was written in ledger, so it is a restored copy and lacks what came after.
      Nothing was accepted and nothing was signed: what the ledger does not know could be paid twice. Name the table that was written last in LEDGER_TABLE. If it is gone, keyward tx repair compares the copy with the chain, writes down what it lacks, and makes it the ledger.
      See docs/errors/ledger-incomplete.md"
    `)
    expect((await ledger.getHead(account))?.next).toBe(0n)
  })

  test('when there is no time', async () => {
    await ledger.createHead(account, 0n)
    await ledger.addFree(account, 0n)
    const taken = open().allocate(idOf(1), runtime.now() - 1)
    await expect(taken).rejects.toThrow('did not answer')
    expect((await ledger.getHead(account))?.next).toBe(0n)
  })

  test('when the watch refuses', async () => {
    const allocator = createAllocator({
      ledger,
      account,
      runtime,
      watch: {
        assertComplete: async () => {
          throw new Error('incomplete')
        },
      },
    })
    expect(await refusalOf(allocator)).toBe('incomplete')
    // And it can be asked again.
    expect(await refusalOf(allocator)).toBe('incomplete')
  })
})

describe('a write of which nobody knows whether it was done', () => {
  const fault = new LedgerServiceError('UpdateItem', {
    awsCode: 'InternalServerError',
    text: '',
    status: 500,
    requestId: undefined,
  })
  const failing = (sk: string, times: number, isDone: boolean) => {
    let left = times
    return table.newLedger('ledger', (store) => {
      const fail = async <answer>(key: string, work: () => Promise<answer>) => {
        if (!key.startsWith(sk) || left-- <= 0) return work()
        if (isDone) await work()
        throw fault
      }
      return {
        create: (item, ...rest) =>
          fail((item.sk as { S: string }).S, () => store.create(item, ...rest)),
        update: (key, ...rest) =>
          fail(key.sk, () => store.update(key, ...rest)),
      }
    })
  }

  test.each([true, false])(
    'of the head leaves no gap (done: %s)',
    async (isDone) => {
      await ledger.createHead(account, 0n)
      const allocator = open(failing('head', 1, isDone))
      const first = await allocator.allocate(idOf(1), deadline)
      const second = await allocator.allocate(idOf(2), deadline)
      const third = await allocator.allocate(idOf(3), deadline)
      const all = [first, second, third].map(({ nonce }) => Number(nonce))
      expect(all.sort()).toEqual([0, 1, 2])
    },
  )

  test('of the head is tried three times', async () => {
    await ledger.createHead(account, 0n)
    await expect(
      open(failing('head', 3, false)).allocate(idOf(1), deadline),
    ).rejects.toThrow(fault)
    expect(
      (await open(failing('head', 2, false)).allocate(idOf(1), deadline)).nonce,
    ).toBe(0n)
  })

  test.each([true, false])(
    'of the row is thrown, and leaves no gap (done: %s)',
    async (isDone) => {
      await ledger.createHead(account, 0n)
      const allocator = open(failing('nonce#', 1, isDone))
      await expect(allocator.allocate(idOf(1), deadline)).rejects.toThrow(fault)
      const { nonce } = await allocator.allocate(idOf(2), deadline)
      // Where it was done, the row names its owner, who takes it up.
      expect(nonce).toBe(isDone ? 1n : 0n)
    },
  )
})
