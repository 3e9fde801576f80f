import type { Runtime } from '@keyward/core/rpc'
import { beforeEach, describe, expect, test } from 'vitest'
import { createRandom } from '../../../../test/support/chaos/random.js'
import { boundStore } from '../../../../test/support/requireDeadline.js'
import {
  createTestKey,
  createTestRuntime,
  createTestTable,
} from '../../../../test/support/senderParts.js'
import * as Attempt from '../ledger/Attempt.js'
import { LedgerServiceError } from '../ledger/errors.js'
import type { Ledger } from '../ledger/Ledger.js'
import * as NonceRecord from '../ledger/NonceRecord.js'
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
const open = (
  own: Ledger = table.newLedger('ledger', boundStore),
  floor = 0n,
) =>
  createAllocator({
    ledger: own,
    account,
    runtime,
    watch: {
      async assertComplete(options) {
        const head = await own.getHead(account, options)
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
  test('assign each nonce once, and skip none', async () => {
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

  test('assign returned nonces again, each to one only', async () => {
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

test('waiting requests share one write of the head', async () => {
  await ledger.createHead(account, 0n)
  let writes = 0
  const counted = table.newLedger('ledger', (store) => ({
    update(key, ...rest) {
      if (key.sk === 'head') writes++
      return store.update(key, ...rest)
    },
  }))
  const allocator = open(counted)
  const given = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      allocator.allocate(idOf(n), deadline),
    ),
  )
  // 64 at most in one.
  expect(writes).toBe(2)
  expect(given.map(({ nonce }) => Number(nonce)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, n) => n),
  )
  expect((await ledger.getHead(account))?.next).toBe(100n)
})

test('requests that arrive during a write share the next one', async () => {
  await ledger.createHead(account, 0n)
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  const writes: (() => void)[] = []
  const held = table.newLedger('ledger', (store) => ({
    async update(key, ...rest) {
      if (key.sk === 'head')
        await new Promise<void>((resolve) => writes.push(resolve))
      return store.update(key, ...rest)
    },
  }))
  const allocator = open(held)
  const asked = [allocator.allocate(idOf(0), deadline)]
  for (const n of [1, 2, 3]) {
    while (writes.length === 0) await turn()
    asked.push(allocator.allocate(idOf(n), deadline))
    for (let turns = 0; turns < 4; turns++) await turn()
  }
  expect(writes).toHaveLength(1)
  writes[0]!()
  while (writes.length === 1) await turn()
  writes[1]!()
  const given = await Promise.all(asked)
  expect(given.map(({ nonce }) => nonce)).toEqual([0n, 1n, 2n, 3n])
  expect(writes).toHaveLength(2)
})

test('they have as much time as the one with the most', async () => {
  await ledger.createHead(account, 0n)
  const deadlines: unknown[] = []
  const noted = table.newLedger('ledger', (store) => ({
    update(key, change, settings) {
      if (key.sk === 'head') deadlines.push(settings?.deadline)
      return store.update(key, change, settings)
    },
  }))
  const allocator = open(noted)
  const now = runtime.now()
  await Promise.all([
    allocator.allocate(idOf(1), now + 100),
    allocator.allocate(idOf(2), now + 5000),
  ])
  expect(deadlines).toEqual([now + 5000])
})

describe('the nonces left by a process that died', () => {
  beforeEach(async () => {
    await ledger.createHead(account, 2n)
    await ledger.advanceHead(account, 4)
    await ledger.reserve(account, 2n, idOf(1))
    await ledger.createFree(account, 4n)
    await ledger.reserve(account, 5n, filler)
  })

  test('are assigned first, with or without rows', async () => {
    const allocator = open()
    const given: bigint[] = []
    for (const number of [2, 3, 4])
      given.push((await allocator.allocate(idOf(number), deadline)).nonce)
    expect(given).toEqual([3n, 6n, 7n])
    // Only what somebody has given back, or a new process finds.
    expect((await open().allocate(idOf(5), deadline)).nonce).toBe(4n)
  })

  test('are all assigned to requests that wait together', async () => {
    const allocator = open()
    const given = await Promise.all(
      [2, 3, 4].map((number) => allocator.allocate(idOf(number), deadline)),
    )
    expect(given.map(({ nonce }) => nonce).sort()).toEqual([3n, 4n, 6n])
    expect((await ledger.getHead(account))?.next).toBe(7n)
  })

  test('but none that the chain has used', async () => {
    expect((await open(ledger, 4n).allocate(idOf(2), deadline)).nonce).toBe(4n)
    expect((await open(ledger, 5n).allocate(idOf(3), deadline)).nonce).toBe(6n)
  })

  test('are not below the first of the ledger, and the next on the chain come first', async () => {
    const head = await ledger.getHead(account)
    await ledger.raiseHead(account, head!, 200n, true)
    expect((await open().allocate(idOf(2), deadline)).nonce).toBe(3n)
  })

  test('and none that are signed', async () => {
    const { sign } = createTestKey()
    const raw = await sign({ nonce: 3n })
    await ledger.createExternal(account, 3n, raw)
    expect((await open().allocate(idOf(2), deadline)).nonce).toBe(4n)
  })
})

test('the last ones are found behind all that are in order', async () => {
  await ledger.createHead(account, 300n, undefined, { first: 0n })
  for (let nonce = 0n; nonce < 300n; nonce++)
    if (nonce < 100n || (nonce >= 200n && nonce !== 250n))
      await ledger.reserve(account, nonce, filler)
  expect((await open().allocate(idOf(1), deadline)).nonce).toBe(250n)
})

test('a first nonce above the head means nothing', async () => {
  await ledger.createHead(account, 5n, undefined, { first: 10n })
  expect((await open(ledger, 3n).allocate(idOf(1), deadline)).nonce).toBe(3n)
})

test('nonces above the head that the chain has used are skipped', async () => {
  await ledger.createHead(account, 2n)
  const allocator = open(ledger, 4n)
  expect((await allocator.allocate(idOf(1), deadline)).nonce).toBe(4n)
  expect(await ledger.listNonces(account, 0n, 3n)).toEqual([])
})

describe('the free nonces', () => {
  const addFree = async (...numbers: number[]) => {
    for (const nonce of numbers.map(BigInt)) {
      await ledger.createFree(account, nonce)
      await ledger.addFree(account, nonce)
    }
  }
  /** One that has looked for what others left, and found nothing. */
  const openSettled = async (
    own = table.newLedger('ledger', boundStore),
    floor = 0n,
  ) => {
    const allocator = open(own, floor)
    await allocator.allocate(idOf(9000), deadline)
    return allocator
  }
  const readFree = async () => (await ledger.getHead(account))?.free

  test('that the chain has used are dropped, and the others stay', async () => {
    await ledger.createHead(account, 4n, undefined, { first: 4n })
    const allocator = await openSettled(undefined, 2n)
    await addFree(0, 1, 2, 3)
    for (const nonce of [2n, 3n, 5n])
      expect((await allocator.allocate(idOf(1), deadline)).nonce).toBe(nonce)
    expect(await readFree()).toEqual([])
  })

  test('that could not be assigned stay', async () => {
    await ledger.createHead(account, 4n)
    const failing = table.newLedger('ledger', (store) => ({
      async update(key, ...rest) {
        if (key.sk.startsWith('nonce#')) throw new Error('no answer')
        return store.update(key, ...rest)
      },
    }))
    const allocator = await openSettled(failing, 2n)
    await addFree(0, 2)
    await expect(allocator.allocate(idOf(1), deadline)).rejects.toThrow(
      'no answer',
    )
    expect(await readFree()).toEqual([2n])
  })

  test('that are invalid are removed and never assigned', async () => {
    await ledger.createHead(account, 4n)
    const allocator = await openSettled()
    await ledger.addFree(account, 7n)
    expect((await ledger.getHead(account))?.junk).toEqual(['7'])
    expect((await allocator.allocate(idOf(1), deadline)).nonce).toBe(5n)
    expect((await ledger.getHead(account))?.junk).toEqual([])
    expect(await ledger.getNonce(account, 7n)).toBe(undefined)
  })

  test('are checked first if there are more than 64', async () => {
    await ledger.createHead(account, 400n)
    let ranges = 0
    let writes: string[] = []
    const counted = table.newLedger('ledger', (store) => {
      const bound = boundStore(store)
      return {
        ...bound,
        query(query, settings) {
          const [, from, to] = (query.between ?? []).map((key) =>
            key.slice(0, 26),
          )
          if (from !== to) ranges++
          return bound.query!(query, settings)
        },
        update(key, ...rest) {
          writes.push(key.sk)
          return bound.update!(key, ...rest)
        },
      }
    })
    const allocator = await openSettled(counted)
    const { sign, getAccount } = createTestKey()
    const raw = await sign({ nonce: 160n })
    const signed = (await Attempt.readSigned(raw, await getAccount()))!
    const used = Array.from({ length: 61 }, (_, n) => BigInt(100 + n))
    for (const nonce of used) {
      const claim = await ledger.reserve(account, nonce, filler)
      await ledger.addFree(account, nonce)
      if (nonce === 160n)
        await ledger.storeAttempt(
          account,
          nonce,
          { owner: filler, claim },
          { ...signed, raw, index: 0, purpose: 'request', signedAt: 1 },
        )
    }
    // It has no owner, and something is signed for it.
    const { pk, sk } = NonceRecord.keyOf(account, 160n)
    const { owner: _, claim: __, ...row } = table.items.get(`${pk}\0${sk}`)!
    table.put(row)
    await addFree(161, 162, 299, 350)
    ranges = 0
    writes = []
    expect((await allocator.allocate(idOf(1), deadline)).nonce).toBe(161n)
    expect(ranges).toBe(1)
    // Only one nonce is tried.
    const { sk: taken } = NonceRecord.keyOf(account, 161n)
    expect(writes).toEqual(['head', 'head', taken, 'head'])
    expect(await readFree()).toEqual([162n, 299n, 350n])

    // So many may be ours, and are tried as they come.
    for (const nonce of used) await ledger.addFree(account, nonce)
    ranges = 0
    expect((await allocator.allocate(idOf(2), deadline)).nonce).toBe(162n)
    expect(ranges).toBe(0)
    expect(await readFree()).toEqual([299n, 350n])
  })
})

test('a nonce is returned by its owner while nothing is signed', async () => {
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

describe('nothing is assigned', () => {
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
      "The ledger does not match the chain: a nonce below 3 is used on the chain but missing from the table.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. The sender continues as soon as all transactions below nonce 3 are final and recorded. To record them now, run keyward tx repair.
      See docs/errors/ledger-incomplete.md"
    `)
    expect((await ledger.getHead(account))?.next).toBe(0n)
  })

  test('if the table was restored', async () => {
    await ledger.createHead(account, 0n)
    expect(
      await refusalOf(blind(table.newLedger('restored'))),
    ).toMatchInlineSnapshot(`
      "The ledger does not match the chain: the table "restored" is a restored copy of the table "ledger" and lacks all later changes.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. Set LEDGER_TABLE to the table that was written to last. If that table no longer exists, run keyward tx repair, which records what is missing from the copy and makes the copy the ledger.
      See docs/errors/ledger-incomplete.md"
    `)
    expect((await ledger.getHead(account))?.next).toBe(0n)
  })

  test('if there is no time for a second attempt', async () => {
    await ledger.createHead(account, 0n)
    await ledger.addFree(account, 0n)
    const tryOnce = () => open().allocate(idOf(1), runtime.now())
    await expect(tryOnce()).rejects.toThrow('The time limit was reached')
    expect((await ledger.getHead(account))?.next).toBe(0n)
    await ledger.reserve(account, 0n, filler)
    await expect(tryOnce()).rejects.toThrow('The time limit was reached')
    expect((await tryOnce()).nonce).toBe(1n)
  })

  test('far above what the watch has seen', async () => {
    await ledger.createHead(account, 0n)
    const seen = (await ledger.getHead(account))!
    const known = { head: seen, floor: 10_000n }
    const allocator = createAllocator({
      ...{ ledger, account, runtime },
      watch: { assertComplete: async () => ({ ...known }) },
    })
    await ledger.raiseHead(account, seen, 10_000n, true)
    expect((await allocator.allocate(idOf(1), deadline)).nonce).toBe(10_000n)
    expect(await refusalOf(allocator)).toMatchInlineSnapshot(`
      "The ledger does not match the chain: its next nonce was 0 a moment ago, and is now 10001.
      Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. A transaction with a nonce that high would never be mined. To lower the next nonce, run keyward tx repair.
      See docs/errors/ledger-incomplete.md"
    `)
    // Nor tried again, and once it is settled there is no gap.
    known.head = (await ledger.getHead(account))!
    expect(known.head.next).toBe(10_002n)
    expect((await allocator.allocate(idOf(2), deadline)).nonce).toBe(10_001n)
  })

  test('without a head', async () => {
    await ledger.createHead(account, 0n)
    const head = await ledger.getHead(account)
    table.items.clear()
    const headless = createAllocator({
      ...{ ledger, account, runtime },
      watch: { assertComplete: async () => ({ head: head!, floor: 0n }) },
    })
    expect(await refusalOf(headless)).toContain('has just disappeared')
  })

  test('if the watch refuses', async () => {
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

describe('a write with an unknown result', () => {
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
    const start = runtime.now()
    expect(
      (await open(failing('head', 2, false)).allocate(idOf(1), deadline)).nonce,
    ).toBe(0n)
    // Half of 100 ms, and half of 200.
    expect(runtime.now() - start).toBe(150)
  })

  test('of the head is tried once if there is no time', async () => {
    await ledger.createHead(account, 0n)
    await expect(
      open(failing('head', 1, false)).allocate(idOf(1), runtime.now()),
    ).rejects.toThrow(fault)
  })

  test.each([true, false])(
    'of the row fails, and leaves no gap (done: %s)',
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
