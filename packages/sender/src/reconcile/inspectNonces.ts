import { LedgerItemError } from '../ledger/errors.js'
import {
  filler,
  isDamage,
  isId,
  isUnsigned,
  type NonceRecord,
} from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { farAbove } from '../nonce/readCount.js'
import { signFiller } from './fillGap.js'
import { forEachAtOnce } from './forEachAtOnce.js'
import { repeatGiveBack } from './giveBackUnspent.js'
import {
  findStranger,
  inspectDamaged,
  isSettled,
  type State,
} from './inspectDamaged.js'
import { inspectSigned } from './inspectSigned.js'
import { inspectUnsigned } from './inspectUnsigned.js'
import { keepAlive } from './pushPending.js'
import { ageMs, attempt, hasTime, notice, type Run, tellDamage } from './Run.js'

/** How many nonces to read and process at a time. */
const windowSize = 200n
const atOnce = 8
/** Maximum rows that a run writes for nonces without one. */
const maxCreated = 50

export type Inspected = {
  /** Every nonce below it is permanently settled. */
  finalBelow: bigint
  /** Nonces that nobody owns, ascending. */
  free: bigint[]
  /**
   * When nonces were signed, which shows which gaps block other transactions.
   */
  signed: { nonce: bigint; at: number }[]
  /** The highest nonce that the chain has used and that had no row. */
  missing: bigint | undefined
  /** The number of rows written for nonces without one. */
  created: number
  /**
   * Whether to write rows for nonces without one. False if the head is wrong,
   * because thousands of nonces below it might have no row.
   */
  mayCreate: boolean
}

function create(finalBelow: bigint, mayCreate: boolean): Inspected {
  const missing = undefined
  return { finalBelow, free: [], signed: [], missing, created: 0, mayCreate }
}

/** Processes every nonce from `from` to the head, as time allows. */
export async function inspectNonces(
  run: Run,
  from: bigint,
  next: bigint,
): Promise<Inspected> {
  // A false head would cause a row to be written for each nonce below it.
  const highest = run.view.latest + farAbove
  const last = next < highest ? next : highest
  if (last < next)
    notice(run, {
      type: 'ledger.incomplete',
      text: `The ledger's next nonce is ${next}, but the chain has ${run.view.latest} transactions from ${run.context.account.address}: a transaction with such a nonce is never mined. To lower the next nonce, run keyward tx repair.`,
    })
  const inspected = create(from, last === next)
  let unbroken = true
  const isDone = () => !hasTime(run) || inspected.created >= maxCreated
  for (let start = from; start < last && !isDone(); start += windowSize) {
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
      const error =
        row &&
        (row.damage ??
          damaged.get(row.owner ?? '')?.error ??
          findStranger(run, row, transaction))
      for (const remark of row?.remarks ?? [])
        tellDamage(run, { error: remark, nonce })
      const state =
        row !== undefined && error !== undefined
          ? await inspectDamaged(run, row, transaction, error)
          : await inspectBelieved(run, nonce, row, transaction, inspected)
      if (state === 'settled') settled.add(nonce)
      if (state === 'free') inspected.free.push(nonce)
    })
  })
  return settled
}

/** Processes one nonce, whatever its state. */
export async function inspectOne(run: Run, nonce: bigint): Promise<void> {
  const inspected = create(nonce, true)
  await inspectWindow(run, nonce, nonce + 1n, inspected)
}

/** Reports a fault without stopping the rest of the run. */
async function inspectBelieved(
  run: Run,
  nonce: bigint,
  row: NonceRecord | undefined,
  transaction: Outline | undefined,
  inspected: Inspected,
): Promise<State> {
  try {
    return await inspect(run, nonce, row, transaction, inspected)
  } catch (error) {
    if (!isDamage(error)) throw error
    const isOver = row !== undefined && nonce < (run.view.final ?? 0n)
    tellDamage(run, {
      error,
      nonce,
      ...(transaction === undefined ? {} : { id: transaction.id }),
    })
    return isOver && !isUnsigned(row) ? 'settled' : 'owned'
  }
}

async function inspect(
  run: Run,
  nonce: bigint,
  row: NonceRecord | undefined,
  transaction: Outline | undefined,
  inspected: Inspected,
): Promise<State> {
  const { ledger, account } = run.context
  const options = { deadline: run.deadline }
  if (row === undefined) {
    if (!inspected.mayCreate || inspected.created >= maxCreated) return 'owned'
    inspected.created++
    if (nonce < run.view.latest) await haltMissing(run, nonce, inspected)
    await ledger.createFree(account, nonce, options)
    const created = await ledger.getNonce(account, nonce, options)
    // The process that was assigned the nonce was only slow.
    if (created === undefined || created.owner !== undefined) return 'owned'
    return inspectUnsigned(run, created, undefined)
  }
  const [first] = row.attempts
  if (first === undefined) {
    if (row.owner !== filler) {
      const state = await inspectUnsigned(run, row, transaction)
      // Outside transactions also wait for gaps to be filled, so this one
      // counts too.
      if (state === 'owned' && row.foreign !== undefined)
        inspected.signed.push({ nonce, at: row.foreign.foundAt })
      return state
    }
    if (ageMs(run, row.createdAt) > run.settings.graceMs)
      await signFiller(run, row)
    return 'owned'
  }
  inspected.signed.push({ nonce, at: first.signedAt })
  if (transaction !== undefined) await holdTo(run, row, transaction)
  if (transaction?.final === true && transaction.nonce === nonce) {
    if (isSettled(run, nonce))
      return (await repeatGiveBack(run, row, transaction)) ? 'settled' : 'owned'
    // The chain does not, or no longer does, show this end.
    if (nonce >= run.view.latest) await keepAlive(run, row)
    return 'owned'
  }
  return (await inspectSigned(run, row, transaction)) ? 'settled' : 'owned'
}

/**
 * Halts because of a used nonce without a row. This comes before the row is
 * written: if the process died in between, the ledger would look complete.
 */
async function haltMissing(
  { context, deadline }: Run,
  nonce: bigint,
  inspected: Inspected,
): Promise<void> {
  const { ledger, account } = context
  const halt = { reason: 'missing', below: nonce + 1n } as const
  if (inspected.missing === undefined || inspected.missing < nonce)
    inspected.missing = nonce
  await ledger.haltHead(account, halt, { deadline })
}

/**
 * Checks that a transaction's record names the nonce for which it is signed.
 */
async function holdTo(
  run: Run,
  { nonce, claim }: NonceRecord,
  transaction: Outline,
): Promise<void> {
  const { id } = transaction
  run.signed.add(id)
  if (transaction.final) return
  if (transaction.nonce === nonce && transaction.claim === claim) return
  tellDamage(run, {
    error: new LedgerItemError(
      `transaction ${id}`,
      `it was signed for nonce ${nonce}, but the item has ${transaction.nonce === nonce ? 'another claim' : transaction.nonce === undefined ? 'no nonce' : `nonce ${transaction.nonce}`}`,
    ),
    nonce,
    id,
  })
  const { ledger } = run.context
  if (transaction.nonce === undefined)
    await ledger.bind(id, nonce, claim, { deadline: run.deadline })
}
