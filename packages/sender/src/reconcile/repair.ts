import type { Hex } from '@keyward/core'
import { max } from '../bigints.js'
import type { HeadRecord } from '../ledger/HeadRecord.js'
import {
  filler,
  isId,
  isUnsigned,
  type NonceRecord,
} from '../ledger/NonceRecord.js'
import { farAbove } from '../nonce/createWatch.js'
import { readHighest } from '../nonce/readCount.js'
import { type Foreign, findForeign, firstOf } from './findForeign.js'
import { unreachableCode } from './passUnreachable.js'
import { hasTime, type Run } from './Run.js'
import { recognise } from './recognise.js'

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

/** What the nodes show of the account at a moment. */
type Seen = {
  /** The account's count. */
  latest: bigint
  /** The same with what waits for a block, without what waits for a gap. */
  used: bigint
  /** The newest block then. */
  block: bigint
  /** Bytes that wait, by nonce. */
  pool: ReadonlyMap<bigint, Hex[]>
  /** Above all that is mined, and all that waits within reach. */
  end: bigint
}

/** Compares the ledger with chain and pool, and writes down what it lacks. */
export async function repair(
  run: Run,
  { dryRun }: { dryRun: boolean },
): Promise<Repair> {
  const { context, deadline } = run
  const { ledger, account, chain } = context
  const options = { deadline }
  await chain.assertChain(options)
  const head = await ledger.getHead(account, options)
  const repair: Repair = {
    found: [],
    unproven: [],
    lowered: undefined,
    refused: [],
    complete: false,
    dryRun,
  }
  const first = head?.first ?? 0n
  let seen = await see(run)
  let compared = await compare(run, first, seen, repair)
  // What came meanwhile is found as well.
  for (;;) {
    const latest = await see(run)
    if (isSame(seen, latest)) break
    seen = latest
    compared = await compare(run, first, seen, repair)
    if (!hasTime(run)) break
  }
  const top = await findTop(run, seen.end)
  if (head !== undefined && head.next > seen.latest + farAbove)
    repair.lowered = { from: head.next, to: top }
  if (repair.lowered !== undefined || head === undefined)
    repair.refused = await refuseUnreachable(run, top, dryRun)
  const isDone = hasTime(run) && repair.unproven.length === 0
  if (dryRun || !isDone) return repair
  const { hasAdopted } = compared
  repair.complete = await renew(run, { head, first, top, hasAdopted }, repair)
  return repair
}

async function see({ context, deadline }: Run): Promise<Seen> {
  const { account, chain } = context
  const latest = await readHighest(chain, account, 'latest', deadline)
  const pending = await readHighest(chain, account, 'pending', deadline)
  const pool = await chain.listPool(account.address, { deadline })
  const { number: block } = await chain.getBlock('latest', { deadline })
  const isNear = (count: bigint) => count <= latest + farAbove
  const used = [latest, pending].filter(isNear).reduce(max)
  const waiting = [...pool.keys()].map((nonce) => nonce + 1n)
  return {
    ...{ latest, used, block, pool },
    end: [used, ...waiting.filter(isNear)].reduce(max),
  }
}

function isSame(one: Seen, other: Seen): boolean {
  const waiting = ({ pool }: Seen) => [...pool.values()].flat().sort().join()
  return (
    one.latest === other.latest &&
    one.used === other.used &&
    waiting(one) === waiting(other)
  )
}

/** @returns whether anything in the ledger is not of its own making */
async function compare(
  run: Run,
  first: bigint,
  seen: Seen,
  repair: Repair,
): Promise<{ hasAdopted: boolean }> {
  const { ledger, account } = run.context
  const options = { deadline: run.deadline }
  const { end } = seen
  repair.unproven = []
  // What is not written down is found again.
  if (repair.dryRun) repair.found = []
  // An earlier repair may have come so far, and no further.
  let hasAdopted = repair.found.length > 0
  for (let from = first; from < end && hasTime(run); from += pageSize) {
    const to = from + pageSize < end ? from + pageSize : end
    const rows = await ledger.listNonces(account, from, to - 1n, options)
    const known = new Map(rows.map((row) => [row.nonce, row]))
    for (let nonce = from; nonce < to && hasTime(run); nonce++) {
      const row = known.get(nonce)
      if (row?.foreign !== undefined) hasAdopted = true
      if (row === undefined || isUnknown(row))
        await write(run, { nonce, row, seen, repair })
    }
  }
  return { hasAdopted: hasAdopted || repair.found.length > 0 }
}

/** Nothing here says by what it is used, where it is used. */
function isUnknown(row: NonceRecord): boolean {
  const isOurs = row.owner === undefined || isId(row.owner)
  return isOurs && isUnsigned(row) && row.damage === undefined
}

async function write(
  run: Run,
  parameters: {
    nonce: bigint
    row: NonceRecord | undefined
    seen: Seen
    repair: Repair
  },
): Promise<void> {
  const { nonce, row, seen, repair } = parameters
  const { context, deadline } = run
  const { ledger, account } = context
  const { latest, used, pool } = seen
  const foreign = await find(run, nonce, seen)
  if (foreign === undefined) {
    // An owned one is looked after by the reconciler.
    const isUsed = nonce < used || pool.has(nonce)
    if (isUsed && !isId(row?.owner)) repair.unproven.push(nonce)
    return
  }
  const { hash, to, value, data, raw } = foreign
  if (!repair.found.some((one) => one.hash === hash))
    repair.found.push({ nonce, hash, to, value, data, isMined: nonce < latest })
  if (repair.dryRun) return
  if (row !== undefined && (await isLost(run, row, foreign))) return
  // In this order: what is compared with comes before what counts as known.
  await ledger.addAdopted(account, foreign, { deadline })
  if (row === undefined)
    await ledger.createExternal(account, nonce, raw, { deadline })
  else if (!isId(row.owner))
    await ledger.handOver(account, nonce, undefined, raw, { deadline })
  await ledger.removeFree(account, nonce, { deadline })
}

/** Whether it is what the nonce's own request asks for: a lost attempt. */
async function isLost(
  run: Run,
  row: NonceRecord,
  foreign: Foreign,
): Promise<boolean> {
  const { nonce, owner, claim } = row
  if (!isId(owner)) return false
  const { transactions } = await run.context.ledger.getOutlines([owner], {
    deadline: run.deadline,
  })
  const [transaction] = transactions
  const isBound = transaction?.nonce === nonce && transaction.claim === claim
  if (!isBound || transaction.final) return false
  return recognise(run, row, transaction, foreign)
}

async function find(
  { context, deadline }: Run,
  nonce: bigint,
  { latest, block, pool }: Seen,
): Promise<Foreign | undefined> {
  if (nonce < latest) return findForeign(context, { nonce, block, deadline })
  return firstOf(pool.get(nonce) ?? [], context.account, nonce)
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
  parameters: {
    head: HeadRecord | undefined
    first: bigint
    top: bigint
    hasAdopted: boolean
  },
  { lowered }: Repair,
): Promise<boolean> {
  const { ledger, account } = context
  const { head, first, top, hasAdopted } = parameters
  const options = { deadline }
  if (head === undefined) await ledger.createHead(account, top, options, first)
  else if (lowered !== undefined)
    await ledger.lowerHead(account, head, lowered.to, options)
  const seen = await ledger.getHead(account, options)
  if (seen === undefined) return false
  // Moved by another process since: repair is to be repeated.
  if (!(await ledger.renewHead(account, seen, { hasAdopted }, options)))
    return false
  // Only the head of this table rises.
  if (seen.next < top) await ledger.raiseHead(account, seen, top, true, options)
  return true
}
