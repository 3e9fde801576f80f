import type { Runtime } from '@keyward/core/rpc'
import { max, min } from '../bigints.js'
import { LedgerIncompleteError, LedgerTimeoutError } from '../ledger/errors.js'
import type { Ledger } from '../ledger/Ledger.js'
import type { Claim } from '../ledger/NonceRecord.js'
import * as NonceRecord from '../ledger/NonceRecord.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { assertNotHalted, assertOwn, type Watch } from './createWatch.js'
import { farAbove } from './readCount.js'

/** A nonce and the claim under which it was assigned. */
export type Allocation = { nonce: bigint; claim: string }

/** Assigns nonces of one account to transactions, one nonce each. */
export type Allocator = {
  /**
   * Assigns a nonce. On return, the nonce's row exists and names the
   * transaction as owner.
   *
   * @param owner - Id of the transaction.
   * @throws LedgerIncompleteError
   */
  allocate(owner: string, deadline: number): Promise<Allocation>
  /**
   * Puts an unsigned nonce back, so that the next transaction gets it.
   *
   * @returns false if something was signed for the nonce, or if this claim did
   * not own it
   */
  giveBack(nonce: bigint, from: Claim, deadline: number): Promise<boolean>
}

type Waiter = {
  owner: string
  deadline: number
  resolve(allocation: Allocation): void
  reject(error: unknown): void
}

type Candidate = {
  nonce: bigint
  /** Whether its row exists and has no owner. */
  free: boolean
}

/** How far below the head to look for missing rows. */
const lookBack = 100n
const maxAtOnce = 64
/** If there are more free nonces than this, they are checked first. */
const maxFree = 64
const windowSize = 200n

/**
 * Concurrent requests share one write of the head, so assigning many nonces
 * takes no longer than assigning one, and no two processes try the same nonce.
 * The head is a hint: a nonce belongs to the process that creates its row.
 */
export function createAllocator(parameters: {
  ledger: Ledger
  watch: Watch
  account: Account
  runtime: Runtime
}): Allocator {
  const { ledger, watch, account, runtime } = parameters
  let waiting: Waiter[] = []
  let pumping = false
  /** A process that died may have left nonces without rows. */
  let suspicious = true

  async function pump(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxAtOnce)
      waiting = waiting.slice(maxAtOnce)
      const deadline = Math.max(...batch.map((one) => one.deadline))
      try {
        const candidates = await findCandidates(batch.length, deadline)
        // The next head is requested while these rows are written.
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
    // Requests from the same turn of the event loop share the first write too.
    void runtime.sleep(0).then(pump)
  }

  async function claim(
    waiter: Waiter,
    candidate: Candidate | undefined,
  ): Promise<void> {
    const { owner, deadline } = waiter
    try {
      if (candidate !== undefined) {
        const given = await own(candidate, owner, deadline)
        if (given !== undefined)
          return waiter.resolve({ nonce: candidate.nonce, claim: given })
      }
      if (runtime.now() >= deadline)
        throw new LedgerTimeoutError(ledger.host, 0)
      return wait(waiter)
    } catch (error) {
      // It is unknown whether the row was written.
      suspicious = true
      return waiter.reject(error)
    }
  }

  async function own(
    { nonce, free }: Candidate,
    owner: string,
    deadline: number,
  ): Promise<string | undefined> {
    if (!free) return ledger.reserve(account, nonce, owner, { deadline })
    const taken =
      (await ledger.take(account, nonce, owner, { deadline })) ??
      (await ledger.reserve(account, nonce, owner, { deadline }))
    await ledger.removeFree(account, nonce, { deadline })
    return taken
  }

  /**
   * Nonces in the order in which they are assigned. A request that gets none
   * asks again.
   */
  async function findCandidates(
    count: number,
    deadline: number,
  ): Promise<Candidate[]> {
    const { head: seen, floor } = await watch.assertComplete({ deadline })
    if (suspicious) {
      suspicious = false
      const old = await findOld(seen.first, floor, deadline)
      if (old.length > 0) return old
    }
    const first = await advanceHead(count, deadline)
    if (first !== undefined) {
      if (first > seen.next + farAbove) {
        suspicious = true
        throw new LedgerIncompleteError(
          `its next nonce was ${seen.next} a moment ago, and is now ${first}`,
          'A transaction with a nonce that high would never be mined. To lower the next nonce, run keyward tx repair.',
        )
      }
      return Array.from({ length: count }, (_, index) => ({
        nonce: first + BigInt(index),
        free: false,
      })).filter(({ nonce }) => nonce >= floor)
    }
    const head = await ledger.getHead(account, { deadline })
    if (head === undefined)
      throw new LedgerIncompleteError(
        'its head (the item that records the next nonce) has just disappeared',
        'To compare the rows with the chain and write a new head, run keyward tx repair.',
      )
    assertOwn(ledger, head)
    assertNotHalted(head)
    const used = head.free.filter((nonce) => nonce < floor).map(String)
    await ledger.dropFree(account, [...used, ...head.junk], { deadline })
    const free = await findFree(
      head.free.filter((nonce) => nonce >= floor),
      deadline,
    )
    return free.map((nonce) => ({ nonce, free: true }))
  }

  /** Tries three times. */
  async function advanceHead(
    count: number,
    deadline: number,
  ): Promise<bigint | undefined> {
    for (let tries = 1; ; tries++)
      try {
        return await ledger.advanceHead(account, count, { deadline })
      } catch (error) {
        // The write may have succeeded, in which case its nonces have no rows
        // yet.
        suspicious = true
        if (tries >= 3 || runtime.now() >= deadline) throw error
        await runtime.sleep(runtime.random() * 50 * 2 ** tries)
      }
  }

  /** A set larger than this code ever writes is checked first. */
  async function findFree(
    given: readonly bigint[],
    deadline: number,
  ): Promise<readonly bigint[]> {
    const [from] = given
    if (from === undefined || given.length <= maxFree) return given
    const to = from + windowSize
    const rows = await ledger.listNonces(account, from, to, { deadline })
    const owned = new Set(
      rows
        .filter(
          (row) => row.owner !== undefined || !NonceRecord.isUnsigned(row),
        )
        .map(({ nonce }) => nonce),
    )
    const gone = given.filter((nonce) => owned.has(nonce)).map(String)
    await ledger.dropFree(account, gone, { deadline })
    return given.filter((nonce) => !owned.has(nonce))
  }

  /** Nonces below the head without a row or an owner. */
  async function findOld(
    first: bigint,
    floor: bigint,
    deadline: number,
  ): Promise<Candidate[]> {
    const head = await ledger.getHead(account, { deadline })
    if (head === undefined) return []
    const lowest = first <= head.next ? max(first, floor) : floor
    const top = head.next - lookBack
    // Check the chain's next nonces before those that were assigned last.
    const found = await findIn(lowest, min(lowest + lookBack, head.next))
    if (found.length > 0 || top <= lowest) return found
    return findIn(top, head.next)

    async function findIn(from: bigint, end: bigint): Promise<Candidate[]> {
      if (from >= end) return []
      const options = { deadline }
      const rows = await ledger.listNonces(account, from, end - 1n, options)
      return listOld(rows, from, end)
    }
  }

  function listOld(
    rows: readonly NonceRecord.NonceRecord[],
    from: bigint,
    end: bigint,
  ): Candidate[] {
    const known = new Map(rows.map((row) => [row.nonce, row]))
    const found: Candidate[] = []
    for (let nonce = from; nonce < end; nonce++) {
      const row = known.get(nonce)
      if (row === undefined) found.push({ nonce, free: false })
      else if (row.owner === undefined && NonceRecord.isUnsigned(row))
        found.push({ nonce, free: true })
    }
    return found
  }

  return {
    allocate: (owner, deadline) =>
      new Promise((resolve, reject) => {
        wait({ owner, deadline, resolve, reject })
      }),
    async giveBack(nonce, from, deadline) {
      if (!(await ledger.free(account, nonce, from, { deadline }))) return false
      await ledger.addFree(account, nonce, { deadline })
      return true
    },
  }
}
