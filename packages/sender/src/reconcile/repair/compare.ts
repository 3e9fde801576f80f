import * as Attempt from '../../ledger/Attempt.js'
import {
  external,
  filler,
  isDamage,
  isId,
  isUnsigned,
  type NonceRecord,
} from '../../ledger/NonceRecord.js'
import type { TransactionRecord } from '../../ledger/TransactionRecord.js'
import type { Context } from '../../transaction/Context.js'
import { findMined } from '../../transaction/findMined.js'
import { type Foreign, findForeign, firstOf } from '../findForeign.js'
import { hasTime, type Run } from '../Run.js'
import { recognise } from '../recognise.js'
import type { Repair } from './RepairReport.js'
import type { Seen } from './seeChain.js'

const pageSize = 200n

/**
 * Goes through all nonces on the chain and in the pool, and records what the
 * ledger lacks.
 *
 * @param of.isCopy - The table was restored or lost its head: nonces that it
 * assigned without signing may have been signed since.
 * @param of.free - From the head, if it can be read.
 * @returns whether the ledger contains anything that it did not create
 */
export async function compare(
  run: Run,
  of: { first: bigint; isCopy: boolean; free: readonly bigint[] },
  seen: Seen,
  repair: Repair,
): Promise<{ hasAdopted: boolean }> {
  const { ledger, account } = run.context
  const options = { deadline: run.deadline }
  const { end } = seen
  const { first, isCopy, free } = of
  repair.unproven = []
  repair.lost = []
  // Transactions that were not recorded are found again.
  if (repair.dryRun) repair.found = []
  // An earlier repair may have stopped at this point.
  let hasAdopted = repair.found.length > 0
  for (let from = first; from < end && hasTime(run); from += pageSize) {
    const to = from + pageSize < end ? from + pageSize : end
    const rows = await ledger.listNonces(account, from, to - 1n, options)
    const known = new Map(rows.map((row) => [row.nonce, row]))
    for (let nonce = from; nonce < to && hasTime(run); nonce++) {
      const row = known.get(nonce)
      if (row?.foreign !== undefined) hasAdopted = true
      if (row === undefined || (await lacks(run, row, seen)))
        await write(run, { nonce, row, seen, repair, isCopy, free })
    }
  }
  const lacksAny = repair.found.length > 0 || repair.lost.length > 0
  return { hasAdopted: hasAdopted || lacksAny }
}

/**
 * Whether the nonce is used, or about to be used, by a transaction that is
 * unknown here.
 */
async function lacks(
  { context, deadline }: Run,
  row: NonceRecord,
  { latest }: Seen,
): Promise<boolean> {
  const { owner, nonce, damage } = row
  if (damage !== undefined || owner === external) return false
  if (isUnsigned(row)) return owner === undefined || isId(owner)
  if (nonce >= latest) return false
  const transaction = await readOwner(context, row, deadline)
  if (transaction === undefined || transaction.final) return false
  return (await findMined(context, row, deadline)) === undefined
}

async function readOwner(
  { ledger }: Context,
  { owner }: NonceRecord,
  deadline: number,
): Promise<TransactionRecord | undefined> {
  if (!isId(owner)) return undefined
  return ledger.getTransaction(owner, { deadline }).catch((error) => {
    if (isDamage(error)) return undefined
    throw error
  })
}

async function write(
  run: Run,
  parameters: {
    nonce: bigint
    row: NonceRecord | undefined
    seen: Seen
    repair: Repair
    isCopy: boolean
    free: readonly bigint[]
  },
): Promise<void> {
  const { nonce, row, seen, repair, isCopy, free } = parameters
  const { context, deadline } = run
  const { ledger, account } = context
  const { latest, used, pool } = seen
  const foreign = await find(run, nonce, seen)
  if (foreign === undefined) {
    const isOwned = row !== undefined && isId(row.owner)
    // The reconciler processes this nonce's signatures.
    if (isOwned && !isUnsigned(row)) return
    const isUsed = nonce < used || pool.has(nonce)
    if (isUsed) repair.unproven.push(nonce)
    // A transaction signed after the backup may be in no pool now and still
    // come back. Only its nonce can be known.
    else if (isOwned ? isCopy : row?.owner !== filler) repair.lost.push(nonce)
    return
  }
  const { hash, to, value, data, raw } = foreign
  if (!repair.found.some((one) => one.hash === hash))
    repair.found.push({ nonce, hash, to, value, data, isMined: nonce < latest })
  if (repair.dryRun) return
  // The nonce's row will hide that it was missing, even if the repair stops
  // halfway.
  if (repair.found.length === 1) await ledger.markAdopted(account, { deadline })
  if (row !== undefined && (await isLost(run, row, foreign))) return
  // The order matters: record the transaction that requests are compared with
  // before marking the nonce as known.
  await ledger.addAdopted(account, foreign, { deadline })
  if (row === undefined)
    await ledger.createExternal(account, nonce, raw, { deadline })
  else if (isUnsigned(row)) {
    const { owner, claim } = row
    const from = owner === undefined ? undefined : { owner, claim }
    await ledger.handOver(account, nonce, from, raw, { deadline })
  }
  if (free.includes(nonce))
    await ledger.removeFree(account, nonce, { deadline })
}

/**
 * Whether the transaction does what the nonce's own request asks for, and so is
 * a lost attempt.
 */
async function isLost(
  run: Run,
  row: NonceRecord,
  foreign: Foreign,
): Promise<boolean> {
  const { nonce, claim } = row
  const { context, deadline } = run
  const transaction = await readOwner(context, row, deadline)
  if (transaction === undefined || transaction.final) return false
  if (!Attempt.isOf(foreign, transaction.request)) return false
  const isBound = transaction.nonce === nonce && transaction.claim === claim
  return isBound && recognise(run, row, transaction, foreign)
}

async function find(
  { context, deadline }: Run,
  nonce: bigint,
  { latest, block, pool }: Seen,
): Promise<Foreign | undefined> {
  if (nonce < latest) return findForeign(context, { nonce, block, deadline })
  return firstOf(pool.get(nonce) ?? [], context.account, nonce)
}
