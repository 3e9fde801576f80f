import type { Runtime } from '@keyward/core/rpc'
import { RpcTimeoutError } from '@keyward/core/rpc'
import { max } from '../bigints.js'
import type { Chain } from '../chain/createChain.js'
import { isFresh } from '../isFresh.js'
import { LedgerIncompleteError, LedgerTimeoutError } from '../ledger/errors.js'
import type { HeadRecord } from '../ledger/HeadRecord.js'
import type { Ledger } from '../ledger/Ledger.js'
import * as Rise from '../ledger/Rise.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { findForeign } from '../reconcile/findForeign.js'
import { beginLedger } from './beginLedger.js'
import { farAbove, readCount } from './readCount.js'
import { writeForeign } from './writeForeign.js'

export type WatchOptions = {
  /**
   * So many transactions of others may come at once before nothing is accepted
   * any more until they are final. @default 3
   */
  maxForeign?: number | undefined
  /**
   * The account's count at the beginning of a ledger that is new: without it,
   * an account that has sent before is taken for one whose ledger was lost.
   * `any` leaves that out, for chains where nothing is worth anything.
   */
  newLedger?: bigint | 'any' | undefined
}

/** Whether the ledger knows all that the account has sent. */
export type Watch = {
  /** @throws LedgerIncompleteError when nothing may be accepted */
  assertComplete(options: { deadline: number }): Promise<Known>
}

export type Known = {
  head: HeadRecord
  /** Below it the chain has used every nonce. */
  floor: bigint
}

const freshMs = 2000
const countMs = 2000
/** So many rows are written at once for numbers that others have used. */
const maxRows = 256n
export const defaultMaxForeign = 3

/** Looks at most once in two seconds, for all who ask. */
export function createWatch(
  parameters: WatchOptions & {
    ledger: Ledger
    chain: Chain
    account: Account
    runtime: Runtime
    /** Of the count that counts as final. */
    confirmations: number
  },
): Watch {
  const { ledger, chain, account, runtime } = parameters
  const { maxForeign = defaultMaxForeign } = parameters
  let floor = 0n
  let kept: { known: Promise<Known>; at: number } | undefined

  async function look(deadline: number): Promise<Known> {
    const [heard, found] = await Promise.all([
      chain
        .getCount(account.address, 'latest', {
          deadline: Math.min(deadline, runtime.now() + countMs),
        })
        // Without it, a number that is used is found by the reconciler.
        .catch(() => undefined),
      ledger.getHead(account, { deadline }),
    ])
    const head = found ?? (await beginLedger(parameters, deadline))
    assertOwn(ledger, head)
    assertNotHalted(head)
    // A count that was a lie while the head was false, which is repaired now.
    if (floor > head.next) floor = 0n
    // Of an account whose count can't be read now, the last one is known.
    const count = heard ?? floor
    if (heard !== undefined || floor > 0n) assertNear(head, count, account)
    if (count > head.next) return { head: await rise(head, deadline), floor }
    floor = max(floor, count)
    return { head, floor }
  }

  /** The chain has used numbers that nobody was given here. */
  async function rise(given: HeadRecord, deadline: number) {
    // That is news, and worth a second look: a number that is too high, by a
    // lie or from another chain, would leave a gap.
    try {
      await chain.assertChain({ deadline })
    } catch {
      // One of another chain says nothing of this one.
      return given
    }
    const count = await readCount(chain, account, 'latest', deadline)
    // Our own may have been given and mined since it was read.
    const head = (await ledger.getHead(account, { deadline })) ?? given
    if (count <= head.next) return head
    assertFewForeign(head, count, { account, maxForeign })
    const foreign = count - head.next
    const { number: block } = await chain.getBlock('latest', { deadline })
    const search = { nonce: count - 1n, block, deadline }
    const isProven = (await findForeign(parameters, search)) !== undefined
    const believed = BigInt(Rise.left(head.rises, runtime.now()))
    // A row above the head would be in the way of who is given its number.
    if (
      foreign <= maxRows &&
      (isProven || foreign <= believed) &&
      (await writeForeign(parameters, head, {
        end: count,
        block,
        deadline,
      })) === count
    )
      await ledger.raiseHead(account, head, count, isProven, { deadline })
    const latest = (await ledger.getHead(account, { deadline })) ?? head
    if (latest.next < count)
      throw new LedgerIncompleteError(
        `${ahead(head, count, account)}, and the node shows no transaction that proves it`,
        'The reconciler records it, at most 64 an hour and 256 a day unless a node shows the transactions; keyward tx repair does it now. If the node is wrong, the sender continues once it is corrected.',
      )
    floor = count
    return latest
  }

  return {
    async assertComplete({ deadline }) {
      const at = runtime.now()
      if (kept !== undefined && isFresh(kept.at, freshMs, at))
        try {
          return await kept.known
        } catch (error) {
          // Who asked first may have had less time.
          if (!isLate(error) || runtime.now() >= deadline) throw error
        }
      const known = look(deadline)
      const own = { known, at: runtime.now() }
      kept = own
      known.catch(() => {
        if (kept === own) kept = undefined
      })
      return known
    },
  }
}

function isLate(error: unknown): boolean {
  return error instanceof LedgerTimeoutError || error instanceof RpcTimeoutError
}

const ahead = ({ next }: HeadRecord, count: bigint, { address }: Account) =>
  `the chain has ${count} transactions of ${address}, but the ledger has ${next}`

/** @throws LedgerIncompleteError when others used the key too often at once */
export function assertFewForeign(
  head: HeadRecord,
  count: bigint,
  { account, maxForeign }: { account: Account; maxForeign: number },
): void {
  const foreign = count - head.next
  if (foreign <= BigInt(Math.min(maxForeign, Number.MAX_SAFE_INTEGER))) return
  throw new LedgerIncompleteError(
    `${ahead(head, count, account)}: others used the key ${foreign} times, and MAX_FOREIGN allows ${maxForeign}`,
    'The sender continues once all of them are final and recorded by the reconciler; keyward tx repair does it now. If the node is wrong, the sender continues once it is corrected.',
  )
}

/** @throws LedgerIncompleteError for numbers that could never be mined */
export function assertNear(
  { next }: HeadRecord,
  count: bigint,
  { address }: Account,
): void {
  if (next <= count + farAbove) return
  throw new LedgerIncompleteError(
    `its next nonce is ${next}, but the chain has ${count} transactions of ${address}`,
    'A transaction with such a nonce would never be mined. keyward tx repair lowers it.',
  )
}

/** @throws LedgerIncompleteError for a table that was restored or copied */
export function assertOwn({ tableName }: Ledger, { table }: HeadRecord): void {
  if (table === tableName) return
  throw new LedgerIncompleteError(
    `the table ${tableName} is a restored copy of ${table} and lacks what came after`,
    'Set LEDGER_TABLE to the table that was written last. If it no longer exists, keyward tx repair compares the copy with the chain, records what it lacks, and makes it the ledger.',
  )
}

/** @throws LedgerIncompleteError */
export function assertNotHalted({ halt }: HeadRecord): void {
  if (halt === undefined) return
  const { reason, below } = halt
  const whenFinal = `The sender continues once every transaction below nonce ${below} is final`
  throw new LedgerIncompleteError(
    {
      missing: `a nonce below ${below} is used on the chain and has no row`,
      foreign: `others used the key more often in one run than MAX_FOREIGN allows, up to nonce ${below - 1n}`,
      lost: `it was restored, and the transaction of a nonce below ${below} is lost, although later ones wait for it in the pool`,
    }[reason],
    reason === 'lost'
      ? `${whenFinal}: the reconciler fills the gap. Until then, the lost transaction may reappear, and a request would be paid twice.`
      : `${whenFinal} and recorded in the ledger; keyward tx repair records it now.`,
  )
}
