import type { HeadRecord } from '../ledger/HeadRecord.js'
import { isDamage } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { toProblem } from '../transaction/broadcast.js'
import type { Context } from '../transaction/Context.js'
import type { Found } from '../transaction/findMined.js'
import { addNotice, type Notice, type Report } from './Report.js'

/** When the reconciler does what. */
export type Settings = {
  /** Blocks on top, the own one included, after which a block stays. */
  confirmations: number
  /** Age after which a transaction that is not mined is bumped. */
  stuckAfterMs: number
  /** Age after which it is looked whether the node still has it. */
  resendAfterMs: number
  /** How long others' unfinished work is left to them. */
  graceMs: number
  /** How long a gap below signed nonces is left to new requests. */
  fillAfterMs: number
  /** How long it must look as if somebody else had used a nonce. */
  suspectMs: number
}

/** One run: what it knows, and what it has to say. */
export type Run = {
  context: Context
  settings: Settings
  deadline: number
  report: Report
  view: View
  /** As the run began; undefined before the first nonce. */
  head: HeadRecord | undefined
  /** Nonces that were found to be used by others' transactions. */
  foreign: bigint[]
  /** Ids of transactions that something is signed for. */
  signed: Set<string>
}

/** The chain at the beginning of the run. */
export type View = {
  block: bigint
  /** When that block was mined, in ms since 1970. */
  minedAt: number
  /** Count of the account's mined transactions. */
  latest: bigint
  /** The same so deep that it stays; undefined where the node can't say. */
  final: bigint | undefined
  /** When a block some way back was mined, asked for once in a run. */
  before?: Promise<number>
  /** Hashes of blocks, asked for once in a run. */
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

/** No clock is wrong by more. */
const mostAheadMs = 5 * 60_000

/**
 * How long ago a row says that something was. What it says of a time to come
 * was not written by us, and must not keep anything waiting until then.
 */
export function ageMs({ context }: Run, at: number): number {
  const age = context.runtime.now() - at
  return age < -mostAheadMs ? Infinity : age
}

/**
 * Does one thing. Its failure is told and kept with the transaction, and does
 * not keep the others from their turn.
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

/** A row that can't be believed: told, and nothing is signed for it. */
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

/** So many blocks on top that it stays, and still in the chain. */
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
