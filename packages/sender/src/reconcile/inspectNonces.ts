import { LedgerVersionError } from '../ledger/errors.js'
import {
  filler,
  isId,
  isUnsigned,
  type NonceRecord,
} from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { farAbove } from '../nonce/createWatch.js'
import { signFiller } from './fillGap.js'
import { forEachAtOnce } from './forEachAtOnce.js'
import { inspectSigned } from './inspectSigned.js'
import { inspectUnsigned } from './inspectUnsigned.js'
import { keepAlive } from './pushPending.js'
import { attempt, hasTime, notice, type Run, tellDamage } from './Run.js'

/** How many nonces are read and looked after at a time. */
const windowSize = 200n
const atOnce = 8

export type Inspected = {
  /** Every nonce below it is settled for good. */
  finalBelow: bigint
  /** Nonces that nobody owns, ascending. */
  free: bigint[]
  /** When nonces were signed, to tell which gaps are in the way. */
  signed: { nonce: bigint; at: number }[]
  /** The highest one that the chain has used and that had no row. */
  missing: bigint | undefined
  /** Rows that were written for numbers without one. */
  created: number
}

/** In a run. */
const maxCreated = 128

/** Looks after every nonce from `from` to the head, as far as time goes. */
export async function inspectNonces(
  run: Run,
  from: bigint,
  next: bigint,
): Promise<Inspected> {
  // A head that is false would have a row written for each number below it.
  const highest = run.view.latest + farAbove
  const last = next < highest ? next : highest
  if (last < next)
    notice(run, {
      type: 'ledger.incomplete',
      text: `The ledger's next nonce is ${next}, and the chain has ${run.view.latest} transactions of ${run.context.account.address}: what got such a nonce is never mined. keyward tx repair lowers it.`,
    })
  const inspected: Inspected = {
    finalBelow: from,
    free: [],
    signed: [],
    missing: undefined,
    created: last < next ? maxCreated : 0,
  }
  let unbroken = true
  for (let start = from; start < last && hasTime(run); start += windowSize) {
    const end = start + windowSize < last ? start + windowSize : last
    const settled = await inspectWindow(run, start, end, inspected)
    for (let nonce = start; nonce < end && unbroken; nonce++)
      if (settled.has(nonce)) inspected.finalBelow = nonce + 1n
      else unbroken = false
  }
  inspected.free.sort((a, b) => (a < b ? -1 : 1))
  return inspected
}

async function inspectWindow(
  run: Run,
  start: bigint,
  end: bigint,
  inspected: Inspected,
): Promise<Set<bigint>> {
  const { ledger, account } = run.context
  const options = { deadline: run.deadline }
  const rows = await ledger.listNonces(account, start, end - 1n, options)
  const byNonce = new Map(rows.map((row) => [row.nonce, row]))
  const owners = new Set(rows.flatMap(({ owner }) => owner ?? []))
  const outlines = await ledger.getOutlines([...owners].filter(isId), options)
  const transactions = new Map(
    outlines.transactions.map((one) => [one.id, one] as const),
  )
  const damaged = new Map(outlines.damaged.map((one) => [one.id, one]))
  const settled = new Set<bigint>()
  const nonces = Array.from(
    { length: Number(end - start) },
    (_, index) => start + BigInt(index),
  )
  await forEachAtOnce(nonces, atOnce, async (nonce) => {
    if (!hasTime(run)) return
    const row = byNonce.get(nonce)
    const transaction = transactions.get(row?.owner ?? '')
    await attempt(run, { nonce, transaction }, async () => {
      const error = row?.damage ?? damaged.get(row?.owner ?? '')?.error
      const state =
        row !== undefined && error !== undefined
          ? await inspectDamaged(run, row, error)
          : await inspect(run, nonce, row, transaction, inspected)
      if (state === 'settled') settled.add(nonce)
      if (state === 'free') inspected.free.push(nonce)
    })
  })
  return settled
}

type State = 'settled' | 'free' | 'owned'

async function inspect(
  run: Run,
  nonce: bigint,
  row: NonceRecord | undefined,
  transaction: Outline | undefined,
  inspected: Inspected,
): Promise<State> {
  const { ledger, account, runtime } = run.context
  const options = { deadline: run.deadline }
  if (row === undefined) {
    // A process that died leaves some; thousands are a head that is false.
    if (inspected.created >= maxCreated) return 'owned'
    inspected.created++
    await ledger.createFree(account, nonce, options)
    const created = await ledger.getNonce(account, nonce, options)
    // Its process was only slow.
    if (created === undefined || created.owner !== undefined) return 'owned'
    if (nonce < run.view.latest && (inspected.missing ?? -1n) < nonce)
      inspected.missing = nonce
    return inspectUnsigned(run, created, undefined)
  }
  const [first] = row.attempts
  if (first === undefined) {
    if (row.owner !== filler) {
      const state = await inspectUnsigned(run, row, transaction)
      // Others' bytes wait for gaps to be filled as well.
      if (state === 'owned' && row.foreign !== undefined)
        inspected.signed.push({ nonce, at: row.foreign.foundAt })
      return state
    }
    if (runtime.now() - row.createdAt > run.settings.graceMs)
      await signFiller(run, row)
    return 'owned'
  }
  inspected.signed.push({ nonce, at: first.signedAt })
  if (transaction?.final === true && transaction.nonce === nonce) {
    if (isSettled(run, nonce)) return 'settled'
    // An end that the chain does not know of, or does not know of any more.
    if (nonce >= run.view.latest) await keepAlive(run, row)
    return 'owned'
  }
  return (await inspectSigned(run, row, transaction)) ? 'settled' : 'owned'
}

/**
 * A row that can't be believed, or whose transaction can't: nothing is signed
 * for it, and a nonce that nothing is signed for is given back at once, so that
 * it stops nobody else. Bytes that are not what they should be are passed by.
 */
async function inspectDamaged(
  run: Run,
  row: NonceRecord,
  error: Error,
): Promise<State> {
  const { nonce, owner, claim, attempts } = row
  const { allocator } = run.context
  const id = isId(owner) ? { id: owner } : {}
  tellDamage(run, { error, nonce, ...id })
  // What another version signs for, this one keeps its hands off.
  if (error instanceof LedgerVersionError) return 'owned'
  if (isUnsigned(row)) {
    if (owner === undefined) return 'free'
    const from = { owner, claim }
    const isFree = await allocator.giveBack(nonce, from, run.deadline)
    return isFree ? 'free' : 'owned'
  }
  if (isSettled(run, nonce)) return 'settled'
  if (nonce < run.view.latest) return 'owned'
  if (attempts.length === 0) await passBy(run, row)
  else await keepAlive(run, row)
  return 'owned'
}

/** Used, whatever by, in a block that stays. */
function isSettled({ view }: Run, nonce: bigint): boolean {
  return nonce < (view.final ?? view.latest)
}

/** Nobody can send such bytes, and all behind them would wait. */
async function passBy(run: Run, row: NonceRecord): Promise<void> {
  const { runtime } = run.context
  if (runtime.now() - row.createdAt < run.settings.fillAfterMs) return
  await signFiller(run, row)
}
