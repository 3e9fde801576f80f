import { filler, type NonceRecord } from '../ledger/NonceRecord.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import { inspectUnsigned } from './completeUnsigned.js'
import { signFiller } from './fillGap.js'
import { forEachAtOnce } from './forEachAtOnce.js'
import { inspectSigned } from './inspectSigned.js'
import { attempt, hasTime, type Run } from './Run.js'

/** How many nonces are read and looked after at a time. */
const windowSize = 200n
const atOnce = 8

export type Inspected = {
  /** Every nonce below it is settled for good. */
  finalBelow: bigint
  /** Nonces that nobody owns, ascending. */
  free: bigint[]
  /** When the highest nonces were signed, to tell which gaps are in the way. */
  signed: { nonce: bigint; at: number }[]
}

/** Looks after every nonce from `from` to the head, as far as time goes. */
export async function inspectNonces(
  run: Run,
  from: bigint,
  next: bigint,
): Promise<Inspected> {
  const inspected: Inspected = { finalBelow: from, free: [], signed: [] }
  let unbroken = true
  for (let start = from; start < next && hasTime(run); start += windowSize) {
    const end = start + windowSize < next ? start + windowSize : next
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
  const transactions = new Map(
    (await ledger.getTransactions([...owners].filter(isId), options)).map(
      (transaction) => [transaction.id, transaction],
    ),
  )
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
      const state = await inspect(run, nonce, row, transaction, inspected)
      if (state === 'settled') settled.add(nonce)
      if (state === 'free') inspected.free.push(nonce)
    })
  })
  return settled
}

/** Not `filler` or `external`. */
export function isId(owner: string): boolean {
  return /^[0-9a-f]{40}$/.test(owner)
}

async function inspect(
  run: Run,
  nonce: bigint,
  row: NonceRecord | undefined,
  transaction: TransactionRecord | undefined,
  inspected: Inspected,
): Promise<'settled' | 'free' | 'owned'> {
  if (row === undefined) {
    const { ledger, account } = run.context
    const options = { deadline: run.deadline }
    await ledger.createFree(account, nonce, options)
    const created = await ledger.getNonce(account, nonce, options)
    // Its process was only slow.
    if (created === undefined || created.owner !== undefined) return 'owned'
    return inspectUnsigned(run, created, undefined)
  }
  const [first] = row.attempts
  if (first === undefined) {
    if (row.owner !== filler) return inspectUnsigned(run, row, transaction)
    if (Date.now() - row.createdAt > run.settings.graceMs)
      await signFiller(run, row)
    return 'owned'
  }
  inspected.signed.push({ nonce, at: first.signedAt })
  const isOver = transaction?.final === true && transaction.nonce === nonce
  if (isOver || (await inspectSigned(run, row, transaction))) return 'settled'
  return 'owned'
}
