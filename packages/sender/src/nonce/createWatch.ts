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
import { toCount } from '../toCount.js'
import { beginLedger } from './beginLedger.js'
import { farAbove, readCount } from './readCount.js'
import { writeForeign } from './writeForeign.js'

export type WatchOptions = {
  /**
   * Maximum number of new outside transactions. If there are more, nothing is
   * accepted until they are final. @default 3
   */
  maxForeign?: number | undefined
  /**
   * The account's count when a new ledger begins. If it is not given, an
   * account that has sent before counts as having lost its ledger. `any` skips
   * this check, for chains where nothing has value.
   */
  newLedger?: bigint | 'any' | undefined
}

/** Whether the ledger knows everything the account has sent. */
export type Watch = {
  /** @throws LedgerIncompleteError if nothing may be accepted */
  assertComplete(options: { deadline: number }): Promise<Known>
}

export type Known = {
  head: HeadRecord
  /** The chain has used every nonce below it. */
  floor: bigint
}

const freshMs = 2000
const countMs = 2000
/** Maximum rows to write at once for nonces used elsewhere. */
const maxRows = 256n
export const defaultMaxForeign = 3

/** Checks the ledger at most once every two seconds, for all callers. */
export function createWatch(
  parameters: WatchOptions & {
    ledger: Ledger
    chain: Chain
    account: Account
    runtime: Runtime
    /** Confirmations of the count that is considered final. */
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
        // If the count can't be read, the reconciler finds the used nonce.
        .catch(() => undefined),
      ledger.getHead(account, { deadline }),
    ])
    const head = found ?? (await beginLedger(parameters, deadline))
    assertOwn(ledger, head)
    assertNotHalted(head)
    // The old count was as wrong as the head, which has now been repaired.
    if (floor > head.next) floor = 0n
    // If the count can't be read now, use the last known count.
    const count = heard ?? floor
    if (heard !== undefined || floor > 0n) assertNear(head, count, account)
    if (count > head.next) return { head: await rise(head, deadline), floor }
    floor = max(floor, count)
    return { head, floor }
  }

  /** The chain has used nonces that were not assigned here. */
  async function rise(given: HeadRecord, deadline: number) {
    // This is unexpected and worth a second check: a count that is too high,
    // because the node lies or serves another chain, would leave a gap.
    try {
      await chain.assertChain({ deadline })
    } catch {
      // Another chain's count says nothing about this chain.
      return given
    }
    const count = await readCount(chain, account, 'latest', deadline)
    // Our own nonces may have been assigned and mined since the head was read.
    const head = (await ledger.getHead(account, { deadline })) ?? given
    if (count <= head.next) return head
    assertFewForeign(head, count, { account, maxForeign })
    const foreign = count - head.next
    const { number: block } = await chain.getBlock('latest', { deadline })
    const search = { nonce: count - 1n, block, deadline }
    const isProven = (await findForeign(parameters, search)) !== undefined
    const believed = BigInt(Rise.left(head.rises, runtime.now()))
    // If a row were above the head, it would block the request that gets its
    // nonce.
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
        `${ahead(head, count, account)}, and the node shows no transaction that confirms the higher number`,
        'The reconciler records the missing transactions (without proof from a node, at most 64 an hour and 256 a day). To record them now, run keyward tx repair. If the node is wrong, use another node in RPC_URL.',
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
          // The first caller may have had less time.
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
  `the chain has ${toCount(count)} from ${address}, but the ledger has ${next}`

/**
 * @throws LedgerIncompleteError if there are more than `maxForeign` new
 * transactions from elsewhere
 */
export function assertFewForeign(
  head: HeadRecord,
  count: bigint,
  { account, maxForeign }: { account: Account; maxForeign: number },
): void {
  const foreign = count - head.next
  if (foreign <= BigInt(Math.min(maxForeign, Number.MAX_SAFE_INTEGER))) return
  throw new LedgerIncompleteError(
    `${ahead(head, count, account)}. The ledger is missing ${foreign} of them, but MAX_FOREIGN allows ${maxForeign}`,
    'The sender continues as soon as all missing transactions are final and recorded. To record them now, run keyward tx repair. If the node is wrong, use another node in RPC_URL.',
  )
}

/** @throws LedgerIncompleteError for nonces that could never be mined */
export function assertNear(
  { next }: HeadRecord,
  count: bigint,
  { address }: Account,
): void {
  if (next <= count + farAbove) return
  throw new LedgerIncompleteError(
    `its next nonce is ${next}, but the chain has ${toCount(count)} from ${address}`,
    'A transaction with a nonce that high would never be mined. To lower the next nonce, run keyward tx repair.',
  )
}

/** @throws LedgerIncompleteError if the table was restored or copied */
export function assertOwn({ tableName }: Ledger, { table }: HeadRecord): void {
  if (table === tableName) return
  throw new LedgerIncompleteError(
    `the table "${tableName}" is a restored copy of the table "${table}" and lacks all later changes`,
    'Set LEDGER_TABLE to the table that was written to last. If that table no longer exists, run keyward tx repair, which records what is missing from the copy and makes the copy the ledger.',
  )
}

/** @throws LedgerIncompleteError */
export function assertNotHalted({ halt }: HeadRecord): void {
  if (halt === undefined) return
  const { reason, below } = halt
  const whenFinal = `The sender continues as soon as all transactions below nonce ${below} are final`
  throw new LedgerIncompleteError(
    {
      missing: `a nonce below ${below} is used on the chain but missing from the table`,
      foreign: `one reconciler run found more transactions from outside Keyward than MAX_FOREIGN allows, up to nonce ${below - 1n}`,
      lost: `a repair found that a transaction with a nonce below ${below} is lost, although later ones wait for it in the pool`,
    }[reason],
    reason === 'lost'
      ? `The reconciler fills the gap. ${whenFinal}. Until then, the lost transaction could reappear, and a request would then be paid twice.`
      : `${whenFinal} and recorded. To record them now, run keyward tx repair.`,
  )
}
