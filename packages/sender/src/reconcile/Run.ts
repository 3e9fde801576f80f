import type { HeadRecord } from '../ledger/HeadRecord.js'
import { isDamage } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { toProblem } from '../transaction/broadcast.js'
import type { Context } from '../transaction/Context.js'
import type { Found } from '../transaction/findMined.js'
import { addNotice, type Notice, type Report } from './Report.js'

/** The reconciler's settings for timing and depth. */
export type Settings = {
  /**
   * Confirmations, including the transaction's own block, after which a block
   * counts as final.
   */
  confirmations: number
  /** Age after which an unmined transaction is bumped. */
  stuckAfterMs: number
  /** Age after which to check that the node still has it. */
  resendAfterMs: number
  /** How long to leave unfinished work to the process that started it. */
  graceMs: number
  /** How long a gap below signed nonces is left for new requests to fill. */
  fillAfterMs: number
  /**
   * How long a nonce must seem used by an outside transaction before it counts
   * as used.
   */
  suspectMs: number
}

/** The state and the report of one run. */
export type Run = {
  context: Context
  settings: Settings
  deadline: number
  report: Report
  view: View
  /** The head at the beginning of the run; undefined before the first nonce. */
  head: HeadRecord | undefined
  /** Nonces found to be used by outside transactions. */
  foreign: bigint[]
  /** Ids of transactions with a signature. */
  signed: Set<string>
}

/** The chain's state at the beginning of the run. */
export type View = {
  block: bigint
  /** When that block was mined, in ms since 1970. */
  minedAt: number
  /** The account's count of mined transactions. */
  latest: bigint
  /** The same count at final depth; undefined if the node doesn't know it. */
  final: bigint | undefined
  /** When an earlier block was mined, requested once per run. */
  before?: Promise<number>
  /** Hashes of blocks, each requested once per run. */
  hashes: Map<bigint, Promise<string>>
}

export async function look(
  { chain, account }: Context,
  { confirmations }: Settings,
  deadline: number,
): Promise<View> {
  const latestBlock = await chain.getBlock('latest', { deadline })
  const { number: block, minedAt } = latestBlock
  const deep = block - BigInt(confirmations) + 1n
  const [latest, final] = await Promise.all([
    chain.getCount(account.address, 'latest', { deadline }),
    deep < 0n
      ? 0n
      : chain
          .getCount(account.address, deep, { deadline })
          .catch(() => undefined),
  ])
  return { block, minedAt, latest, final, hashes: new Map() }
}

export function notice(run: Run, notice: Notice): void {
  addNotice(run.report, notice)
}

/** Whether there is time for another step. */
export function hasTime({ deadline, context }: Run): boolean {
  return context.runtime.now() < deadline - 500
}

/** Clocks are assumed to be off by no more than this. */
const mostAheadMs = 5 * 60_000

/**
 * The age of a time in a row. A time in the future was not written by this
 * code, and must not delay anything.
 */
export function ageMs({ context }: Run, at: number): number {
  const age = context.runtime.now() - at
  return age < -mostAheadMs ? Infinity : age
}

/**
 * Performs one step. A failure is reported and stored with the transaction, and
 * doesn't prevent the other steps.
 */
export async function attempt(
  run: Run,
  subject: {
    nonce?: bigint | undefined
    transaction?: Outline | undefined
  },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    const problem = toProblem(error)
    const { nonce, transaction } = subject
    const isDamaged = isDamage(error)
    run.report.counts[isDamaged ? 'damaged' : 'failed']++
    notice(run, {
      type: isDamaged ? 'ledger.damaged' : 'step.failed',
      text: problem,
      ...(transaction === undefined ? {} : { transactionId: transaction.id }),
      ...(nonce === undefined ? {} : { nonce: Number(nonce) }),
    })
    if (transaction === undefined || transaction.final) return
    await run.context.ledger
      .noteProblem(transaction.id, problem, { deadline: run.deadline })
      .catch(() => {})
  }
}

/** Reports a faulty row, for which nothing is signed. */
export function tellDamage(
  run: Run,
  { error, id, nonce }: { error: Error; id?: string; nonce?: bigint },
): void {
  run.report.counts.damaged++
  notice(run, {
    type: 'ledger.damaged',
    text: toProblem(error),
    ...(id === undefined ? {} : { transactionId: id }),
    ...(nonce === undefined ? {} : { nonce: Number(nonce) }),
  })
}

/**
 * Whether the transaction has enough confirmations to be final, and is still in
 * the chain.
 */
export async function isDeep(run: Run, { receipt }: Found): Promise<boolean> {
  const { view, settings, context, deadline } = run
  const depth = view.block - receipt.blockNumber + 1n
  if (depth < BigInt(settings.confirmations)) return false
  let hash = view.hashes.get(receipt.blockNumber)
  if (hash === undefined) {
    hash = context.chain
      .getBlock(receipt.blockNumber, { deadline })
      .then((block) => block.hash)
    view.hashes.set(receipt.blockNumber, hash)
  }
  return (await hash) === receipt.blockHash
}
