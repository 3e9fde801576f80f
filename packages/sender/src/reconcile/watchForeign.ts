import { max, min } from '../bigints.js'
import type { HeadRecord } from '../ledger/HeadRecord.js'
import * as Rise from '../ledger/Rise.js'
import { readCount } from '../nonce/readCount.js'
import { writeForeign } from '../nonce/writeForeign.js'
import { findForeign } from './findForeign.js'
import type { Inspected } from './inspectNonces.js'
import { attempt, notice, type Run } from './Run.js'

/** Maximum rows that a run writes for nonces used elsewhere. */
const maxRows = 256n

/**
 * Stops accepting requests if the ledger doesn't know everything that the
 * account sends, and resumes once everything is in the ledger and final.
 */
export async function watchForeign(
  run: Run,
  head: HeadRecord,
  { missing, finalBelow }: Inspected,
): Promise<void> {
  const { context, deadline, view } = run
  const { ledger, account, maxForeign } = context
  if (missing !== undefined)
    notice(run, {
      type: 'ledger.incomplete',
      text: `Nonce ${missing} is used on the chain, but the ledger had no row for it: no requests are accepted until all transactions below nonce ${missing + 1n} are final and recorded. To record them now, run keyward tx repair.`,
      nonce: Number(missing),
    })
  if (run.foreign.length > maxForeign) {
    const below = run.foreign.reduce(max) + 1n
    await ledger.haltHead(account, { reason: 'foreign', below }, { deadline })
    tellHalt(run, run.foreign.length, below)
  }
  // Other work must continue even if no node can answer this question.
  if (view.latest > head.next)
    await attempt(run, {}, () => followChain(run, head))
  const { halt } = head
  if (halt === undefined || missing !== undefined) return
  // Lost nonces are above the count until they are settled.
  const end = max(halt.lostBelow ?? 0n, min(halt.below, view.latest))
  if (finalBelow >= end) await ledger.resumeHead(account, head, { deadline })
}

/** The chain has used nonces that were not assigned here. */
async function followChain(run: Run, head: HeadRecord): Promise<void> {
  const { context, deadline, view } = run
  const { ledger, account, chain, maxForeign } = context
  await chain.assertChain({ deadline })
  const count = await readCount(chain, account, 'latest', deadline)
  const foreign = count - head.next
  if (foreign <= 0n) return
  const search = { nonce: count - 1n, block: view.block, deadline }
  const proof = await findForeign(context, search)
  const isMany = Number(foreign) > maxForeign
  if (proof === undefined && (isMany || foreign > BigInt(Rise.perHour))) {
    notice(run, {
      type: 'ledger.incomplete',
      text: `A node says that the chain has ${count} transactions from ${account.address}, ${foreign} more than the ledger, but shows none of them. The count was ignored.`,
    })
    return
  }
  if (isMany) {
    const halt = { reason: 'foreign', below: count } as const
    await ledger.haltHead(account, halt, { deadline })
    tellHalt(run, Number(foreign), count)
  }
  const isProven = proof !== undefined
  const believed = Rise.left(head.rises, context.runtime.now())
  const most = isProven ? maxRows : BigInt(believed)
  const end = head.next + (foreign < most ? foreign : most)
  const { block } = view
  const next = await writeForeign(context, head, { end, block, deadline })
  await ledger.raiseHead(account, head, next, isProven, { deadline })
}

function tellHalt(run: Run, foreign: number, below: bigint): void {
  notice(run, {
    type: 'ledger.incomplete',
    text: `Others used the key ${foreign} times in one run, but MAX_FOREIGN allows ${run.context.maxForeign}: no requests are accepted until all transactions below nonce ${below} are final and recorded. To record them now, run keyward tx repair.`,
  })
}
