import { setTimeout as sleep } from 'node:timers/promises'
import type { Chain } from '../chain/createChain.js'
import type { Ledger } from '../ledger/createLedger.js'
import type { Account } from '../ledger/TransactionRecord.js'

/** Gives nonces of one account to transactions, each to one. */
export type Allocator = {
  /**
   * The nonce's row, which names the transaction as owner, has been written
   * when this returns.
   *
   * @param owner - Id of the transaction.
   */
  allocate(owner: string, deadline: number): Promise<bigint>
  /**
   * Gives back a nonce that nothing was signed for; the next one gets it.
   *
   * @returns false when something was signed, or it was not the owner's
   */
  giveBack(nonce: bigint, owner: string, deadline: number): Promise<boolean>
}

type Waiter = {
  owner: string
  deadline: number
  resolve(nonce: bigint): void
  reject(error: unknown): void
}

type Candidate = {
  nonce: bigint
  /** Its row is there, without an owner. */
  free: boolean
}

/** How far below the head missing rows are looked for. */
const lookBack = 100n
const maxAtOnce = 64

/**
 * Requests that wait at the same time share one write of the head, so giving
 * many nonces takes no longer than giving one, and no two processes try the
 * same number. The head is a hint: a number belongs to who creates its row.
 */
export function createAllocator(parameters: {
  ledger: Ledger
  chain: Chain
  account: Account
}): Allocator {
  const { ledger, chain, account } = parameters
  let waiting: Waiter[] = []
  let pumping = false
  /** A process that died may have left numbers without rows. */
  let suspicious = true
  /** Below it the chain has used every nonce. */
  let floor = 0n
  let floorUntil = 0

  async function pump(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxAtOnce)
      waiting = waiting.slice(maxAtOnce)
      const deadline = Math.max(...batch.map((one) => one.deadline))
      try {
        const candidates = await findCandidates(batch.length, deadline)
        // The next head is asked for while these rows are written.
        for (const [index, waiter] of batch.entries())
          void claim(waiter, candidates[index])
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    pumping = false
  }

  function wait(waiter: Waiter): void {
    waiting.push(waiter)
    if (pumping) return
    pumping = true
    // Those who come within the same turn share the first write as well.
    setImmediate(() => void pump())
  }

  async function claim(
    waiter: Waiter,
    candidate: Candidate | undefined,
  ): Promise<void> {
    const { owner, deadline } = waiter
    try {
      if (candidate !== undefined && (await own(candidate, owner, deadline)))
        return waiter.resolve(candidate.nonce)
      return wait(waiter)
    } catch (error) {
      // Whether the row was written is not known.
      suspicious = true
      return waiter.reject(error)
    }
  }

  async function own(
    { nonce, free }: Candidate,
    owner: string,
    deadline: number,
  ): Promise<boolean> {
    if (!free) return ledger.reserve(account, nonce, owner, { deadline })
    const taken = await ledger.take(account, nonce, owner, { deadline })
    await ledger.removeFree(account, nonce, { deadline })
    return taken
  }

  /** At most `count`; fewer when old ones come first. */
  async function findCandidates(
    count: number,
    deadline: number,
  ): Promise<Candidate[]> {
    await learnFloor(deadline)
    if (suspicious) {
      suspicious = false
      const old = await findOld(deadline)
      if (old.length > 0) return old.slice(0, count)
    }
    for (let tries = 1; ; tries++) {
      try {
        const first = await ledger.advanceHead(account, count, { deadline })
        if (first !== undefined) {
          if (first < floor)
            await ledger.raiseHead(account, floor, { deadline })
          return Array.from({ length: count }, (_, index) => ({
            nonce: first + BigInt(index),
            free: false,
          })).filter(({ nonce }) => nonce >= floor)
        }
      } catch (error) {
        // It may have been done: then its numbers have no rows yet.
        suspicious = true
        if (tries >= 3 || Date.now() >= deadline) throw error
        await sleep(Math.random() * 50 * 2 ** tries)
        continue
      }
      const head = await ledger.getHead(account, { deadline })
      if (head === undefined) await createHead(deadline)
      else if (head.free.length > 0) {
        const used = head.free.filter((nonce) => nonce < floor)
        for (const nonce of used)
          await ledger.removeFree(account, nonce, { deadline })
        const free = head.free.filter((nonce) => nonce >= floor)
        if (free.length > 0)
          return free.slice(0, count).map((nonce) => ({ nonce, free: true }))
      }
    }
  }

  /** Numbers below the head that have no row, or no owner. */
  async function findOld(deadline: number): Promise<Candidate[]> {
    const head = await ledger.getHead(account, { deadline })
    if (head === undefined) return []
    const start = head.next > lookBack ? head.next - lookBack : 0n
    const from = start > floor ? start : floor
    if (from >= head.next) return []
    const rows = await ledger.listNonces(account, from, head.next - 1n, {
      deadline,
    })
    const known = new Map(rows.map((row) => [row.nonce, row]))
    const found: Candidate[] = []
    for (let nonce = from; nonce < head.next; nonce++) {
      const row = known.get(nonce)
      if (row === undefined) found.push({ nonce, free: false })
      else if (row.owner === undefined && row.attempts.length === 0)
        found.push({ nonce, free: true })
    }
    return found
  }

  /** What the chain has used, others' transactions too. */
  async function learnFloor(deadline: number): Promise<void> {
    if (floorUntil > Date.now()) return
    floorUntil = Date.now() + 2000
    try {
      const count = await chain.getCount(account.address, 'latest', {
        deadline: Math.min(deadline, Date.now() + 2000),
      })
      if (count <= floor) return
      const head = await ledger.getHead(account, { deadline })
      // The head's beginning is looked up with more care.
      if (head === undefined) return
      // Ahead of the head is news, and worth a second look: a number that is
      // too high, by a lie or from another chain, would leave a gap that costs
      // a filler for each nonce in it.
      floor = count > head.next ? await confirmCount(count, deadline) : count
    } catch {
      // Without it, a number that is used already is found by the reconciler.
    }
  }

  async function confirmCount(count: bigint, deadline: number) {
    await chain.assertChain({ deadline })
    const again = await readTwice('latest', deadline)
    return again < count ? again : count
  }

  /** The account's count once two answers agree, or the last of many. */
  async function readTwice(
    block: 'latest' | 'pending',
    deadline: number,
  ): Promise<bigint> {
    let last = await chain.getCount(account.address, block, { deadline })
    for (let tries = 0; tries < 6; tries++) {
      const count = await chain.getCount(account.address, block, { deadline })
      if (count === last) break
      last = count
    }
    return last
  }

  async function createHead(deadline: number): Promise<void> {
    // What others have in the pool already is not ours to replace.
    const pending = await readTwice('pending', deadline)
    const highest = await ledger.highestNonce(account, { deadline })
    const next =
      highest !== undefined && highest >= pending ? highest + 1n : pending
    await ledger.createHead(account, next, { deadline })
  }

  return {
    allocate: (owner, deadline) =>
      new Promise((resolve, reject) => {
        wait({ owner, deadline, resolve, reject })
      }),
    async giveBack(nonce, owner, deadline) {
      if (!(await ledger.free(account, nonce, owner, { deadline })))
        return false
      await ledger.addFree(account, nonce, { deadline })
      return true
    },
  }
}
