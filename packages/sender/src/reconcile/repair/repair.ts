import { LedgerItemError } from '../../ledger/errors.js'
import type { Halt, HeadRecord } from '../../ledger/HeadRecord.js'
import { farAbove } from '../../nonce/readCount.js'
import { hasTime, type Run } from '../Run.js'
import { compare } from './compare.js'
import type { Repair } from './RepairReport.js'
import { findTop, refuseUnreachable } from './refuseUnreachable.js'
import { isSame, seeChain } from './seeChain.js'

/** Compares the ledger with chain and pool, and writes down what it lacks. */
export async function repair(
  run: Run,
  { dryRun }: { dryRun: boolean },
): Promise<Repair> {
  const { context, deadline } = run
  const { ledger, account, chain } = context
  const options = { deadline }
  await chain.assertChain(options)
  const { head, isDamaged } = await readHead(run)
  const repair: Repair = {
    found: [],
    unproven: [],
    lost: [],
    lowered: undefined,
    refused: [],
    complete: false,
    dryRun,
  }
  const first = head?.first ?? 0n
  let seen = await seeChain(run)
  let compared = await compare(run, first, seen, repair)
  // What came meanwhile is found as well.
  for (;;) {
    const latest = await seeChain(run)
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
  if (isDamaged && !(await ledger.replaceHead(account, top, first, options)))
    return repair
  const found = isDamaged ? await ledger.getHead(account, options) : head
  const { hasAdopted } = compared
  const parameters = { head: found, first, top, hasAdopted }
  repair.complete = await renew(run, parameters, repair)
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

async function renew(
  { context, deadline }: Run,
  parameters: {
    head: HeadRecord | undefined
    first: bigint
    top: bigint
    hasAdopted: boolean
  },
  { lowered, lost }: Repair,
): Promise<boolean> {
  const { ledger, account } = context
  const { head, first, top, hasAdopted } = parameters
  const highest = lost.at(-1)
  const halt: Halt | undefined =
    highest === undefined ? undefined : { reason: 'lost', below: highest + 1n }
  const options = { deadline }
  if (head === undefined) await ledger.createHead(account, top, options, first)
  else if (lowered !== undefined)
    await ledger.lowerHead(account, head, lowered.to, options)
  const seen = await ledger.getHead(account, options)
  if (seen === undefined) return false
  // Moved by another process since: repair is to be repeated.
  const renewed = { hasAdopted, halt }
  if (!(await ledger.renewHead(account, seen, renewed, options))) return false
  // Only the head of this table rises.
  if (seen.next < top) await ledger.raiseHead(account, seen, top, true, options)
  return true
}
