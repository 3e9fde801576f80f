import { max } from '../../bigints.js'
import { LedgerItemError } from '../../ledger/errors.js'
import type { Halt, HeadRecord } from '../../ledger/HeadRecord.js'
import type { Renewed } from '../../ledger/HeadRows.js'
import { farAbove } from '../../nonce/readCount.js'
import { hasTime, type Run } from '../Run.js'
import { assertNotBehind } from './assertNotBehind.js'
import { compare } from './compare.js'
import type { Repair } from './RepairReport.js'
import { findTop, refuseUnreachable } from './refuseUnreachable.js'
import { isSame, type Seen, seeChain } from './seeChain.js'

/**
 * Compares the ledger with the chain and the pool, and records what it lacks.
 */
export async function repair(
  run: Run,
  { dryRun }: { dryRun: boolean },
): Promise<Repair> {
  const { context, deadline } = run
  await context.chain.assertChain({ deadline })
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
  // If the table lost its head or is a copy, missing transactions may also
  // appear later.
  const isCopy = head?.table !== context.ledger.tableName
  const of = { first, isCopy, free: head?.free ?? [] }
  let seen = await see(run, head)
  let compared = await compare(run, of, seen, repair)
  // Repeat to find transactions that arrived in the meantime.
  for (;;) {
    const latest = await see(run, head)
    if (isSame(seen, latest)) break
    seen = latest
    compared = await compare(run, of, seen, repair)
    if (!hasTime(run)) break
  }
  const top = await findTop(run, seen.end)
  if (head !== undefined && head.next > seen.latest + farAbove)
    repair.lowered = { from: head.next, to: top }
  if (repair.lowered !== undefined || head === undefined)
    repair.refused = await refuseUnreachable(run, top, dryRun)
  const isDone = hasTime(run) && repair.unproven.length === 0
  if (dryRun || !isDone) return repair
  const hasAdopted = isCopy || compared.hasAdopted
  const renewed = { hasAdopted, halt: haltFor(repair), first, top }
  repair.complete = await renew(run, { head, isDamaged, ...renewed }, repair)
  return repair
}

async function see(run: Run, head: HeadRecord | undefined): Promise<Seen> {
  const seen = await seeChain(run)
  await assertNotBehind(run, seen, head)
  return seen
}

/** A lost transaction may come back as long as its nonce is unused. */
function haltFor({ lost }: Repair): Halt | undefined {
  const highest = lost.at(-1)
  return highest === undefined
    ? undefined
    : { reason: 'lost', below: highest + 1n }
}

/** An unreadable head is rewritten; a head of another version is not. */
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

/**
 * Everything is in one write: a sender that reads the head between two writes
 * would accept what the second write forbids.
 */
async function renew(
  { context, deadline }: Run,
  parameters: Renewed & {
    head: HeadRecord | undefined
    isDamaged: boolean
    first: bigint
    top: bigint
  },
  { lowered }: Repair,
): Promise<boolean> {
  const { ledger, account } = context
  const { head, isDamaged, first, top, hasAdopted, halt } = parameters
  const renewed = { hasAdopted, halt }
  const options = { deadline }
  if (isDamaged)
    return ledger.replaceHead(
      account,
      { ...renewed, next: top, first },
      options,
    )
  if (head !== undefined) {
    const next = lowered?.to ?? max(head.next, top)
    // If another process has moved the head since, the repair must be repeated.
    return ledger.renewHead(account, head, { ...renewed, next }, options)
  }
  await ledger.createHead(account, top, options, { ...renewed, first })
  const created = await ledger.getHead(account, options)
  // Another process may have been first, with less information.
  return (
    created !== undefined &&
    ledger.renewHead(
      account,
      created,
      { ...renewed, next: created.next },
      options,
    )
  )
}
