import type { Hex } from '@keyward/core'
import * as Attempt from '../ledger/Attempt.js'
import { LedgerItemError } from '../ledger/errors.js'
import type { HeadRecord } from '../ledger/HeadRecord.js'
import {
  external,
  filler,
  isDamage,
  isId,
  isUnsigned,
  type NonceRecord,
} from '../ledger/NonceRecord.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import { farAbove } from '../nonce/createWatch.js'
import { readCount } from '../nonce/readCount.js'
import { unreachableCode } from '../nonce/unreachable.js'
import type { Context } from '../transaction/Context.js'
import { findMined } from '../transaction/findMined.js'
import { type Foreign, findForeign, firstOf } from './findForeign.js'
import { hasTime, type Run } from './Run.js'

/** What repair found and did. */
export type Repair = {
  /** On the chain or in the pool, and not in the ledger. */
  found: Found[]
  /** Used on the chain, and no node shows by what. */
  unproven: bigint[]
  /** The head was false: from where to where it was lowered. */
  lowered: { from: bigint; to: bigint } | undefined
  /** Ids of requests that a false head had given nonces. */
  refused: string[]
  /** The table is the account's ledger again. */
  complete: boolean
  /** Nothing was written. */
  dryRun: boolean
}

export type Found = {
  nonce: bigint
  hash: Hex
  to: Hex | undefined
  value: bigint
  data: Hex
  isMined: boolean
}

const pageSize = 200n

/** Compares the ledger with chain and pool, and writes down what it lacks. */
export async function repair(
  run: Run,
  { dryRun }: { dryRun: boolean },
): Promise<Repair> {
  const { context, deadline } = run
  const { ledger, account, chain } = context
  const options = { deadline }
  await chain.assertChain(options)
  const latest = await readCount(chain, account, 'latest', deadline)
  const pooled = await readCount(chain, account, 'pending', deadline)
  const end = pooled > latest && pooled <= latest + farAbove ? pooled : latest
  const { head, isDamaged } = await readHead(run)
  const repair: Repair = {
    found: [],
    unproven: [],
    lowered: undefined,
    refused: [],
    complete: false,
    dryRun,
  }
  const first = head?.first ?? 0n
  let isDone = true
  for (let from = first; from < end; from += pageSize) {
    const to = from + pageSize < end ? from + pageSize : end
    const rows = await ledger.listNonces(account, from, to - 1n, options)
    const known = new Map(rows.map((row) => [row.nonce, row]))
    for (let nonce = from; nonce < to; nonce++) {
      const row = known.get(nonce)
      if (!hasTime(run)) isDone = false
      else if (row !== undefined && !(await lacks(run, row, latest))) continue
      else await write(run, { nonce, row, latest, repair })
    }
  }
  const top = await findTop(run, end)
  if (head !== undefined && head.next > latest + farAbove)
    repair.lowered = { from: head.next, to: top }
  if (repair.lowered !== undefined || head === undefined)
    repair.refused = await refuseUnreachable(run, top, dryRun)
  isDone &&= repair.unproven.length === 0
  if (dryRun || !isDone) return repair
  if (isDamaged && !(await ledger.replaceHead(account, top, first, options)))
    return repair
  const seen = isDamaged ? await ledger.getHead(account, options) : head
  repair.complete = await renew(run, seen, first, top, repair)
  return repair
}

/** A head that cannot be read is written anew; one of another version is not. */
async function readHead({
  context,
  deadline,
}: Run): Promise<{ head: HeadRecord | undefined; isDamaged: boolean }> {
  const { ledger, account } = context
  try {
    const head = await ledger.getHead(account, { deadline })
    return { head, isDamaged: false }
  } catch (error) {
    if (!(error instanceof LedgerItemError)) throw error
    return { head: undefined, isDamaged: true }
  }
}

/** Used, or about to be, and nothing here says by what. */
async function lacks(
  { context, deadline }: Run,
  row: NonceRecord,
  latest: bigint,
): Promise<boolean> {
  const { owner, nonce, damage } = row
  if (damage !== undefined) return false
  if (isUnsigned(row) && owner === undefined) return true
  if (nonce >= latest || owner === external) return false
  if (isUnsigned(row)) return true
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
    latest: bigint
    repair: Repair
  },
): Promise<void> {
  const { nonce, row, latest, repair } = parameters
  const { context, deadline } = run
  const { ledger, account } = context
  const foreign = await find(run, nonce, latest)
  const owner = row && (await readOwner(context, row, deadline))
  // Its own, that the ledger has lost: the reconciler writes it down as such.
  if (foreign && owner && Attempt.isOf(foreign, owner.request)) return
  if (foreign === undefined) {
    // A free number that the chain has not come to is nothing to worry about.
    if (nonce < latest || row === undefined) repair.unproven.push(nonce)
    return
  }
  const { hash, to, value, data, raw } = foreign
  const isMined = nonce < latest
  repair.found.push({ nonce, hash, to, value, data, isMined })
  if (repair.dryRun) return
  // In this order: what is compared with comes before what counts as known.
  await ledger.addAdopted(account, foreign, { deadline })
  if (row === undefined)
    await ledger.createExternal(account, nonce, raw, { deadline })
  else if (isUnsigned(row)) {
    const { owner: id, claim } = row
    const from = id === undefined ? undefined : { owner: id, claim }
    await ledger.handOver(account, nonce, from, raw, { deadline })
  }
  await ledger.removeFree(account, nonce, { deadline })
}

async function find(
  { context, deadline, view }: Run,
  nonce: bigint,
  latest: bigint,
): Promise<Foreign | undefined> {
  if (nonce < latest)
    return findForeign(context, { nonce, block: view.block, deadline })
  const { chain, account } = context
  const raws = await chain.findInPool(account.address, nonce, { deadline })
  return firstOf(raws, account, nonce)
}

/** The next number: above the chain, the pool, and rows within reach. */
async function findTop(
  { context, deadline }: Run,
  end: bigint,
): Promise<bigint> {
  const { ledger, account } = context
  let top = end
  for (let from = end; from < end + farAbove; ) {
    const to = end + farAbove - 1n
    const rows = await ledger.findNonces(account, from, 100, { deadline })
    const near = rows.filter(({ nonce }) => nonce <= to)
    const last = near.at(-1)
    if (last === undefined) break
    top = last.nonce + 1n
    from = top
  }
  return top
}

/** Their numbers are never given again, and what is signed for them stays. */
async function refuseUnreachable(
  { context, deadline }: Run,
  top: bigint,
  dryRun: boolean,
): Promise<string[]> {
  const { ledger, account, notify } = context
  const refused: string[] = []
  for (let from = top; ; ) {
    const rows = await ledger.findNonces(account, from, 100, { deadline })
    const last = rows.at(-1)
    if (last === undefined) return refused
    from = last.nonce + 1n
    for (const { nonce, owner, claim, nextIndex } of rows) {
      if (!isId(owner)) continue
      refused.push(owner)
      if (dryRun) continue
      await ledger.finish(
        owner,
        {
          status: 'refused',
          reason: {
            code: unreachableCode,
            text: `Its nonce ${nonce} was given by a head that was false, and is never mined.`,
          },
          notify,
        },
        { deadline },
      )
      if (nextIndex > 0) continue
      await ledger.free(account, nonce, { owner, claim }, { deadline })
      await ledger.take(account, nonce, filler, { deadline })
    }
  }
}

async function renew(
  { context, deadline }: Run,
  head: HeadRecord | undefined,
  first: bigint,
  top: bigint,
  { lowered, found }: Repair,
): Promise<boolean> {
  const { ledger, account } = context
  const options = { deadline }
  if (head === undefined) await ledger.createHead(account, top, options, first)
  else if (lowered !== undefined)
    await ledger.lowerHead(account, head, lowered.to, options)
  const seen = await ledger.getHead(account, options)
  if (seen === undefined) return false
  const hasAdopted = found.length > 0
  const isOurs = await ledger.renewHead(account, seen, { hasAdopted }, options)
  // Moved by another process since: repair is to be repeated.
  if (!isOurs) return false
  // Only the account's own ledger can be raised.
  const renewed = await ledger.getHead(account, options)
  if (renewed !== undefined && renewed.next < top)
    await ledger.raiseHead(account, renewed, top, true, options)
  return true
}
