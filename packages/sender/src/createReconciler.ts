import { EtherAmount } from '@keyward/core'
import { systemRuntime } from '@keyward/core/rpc'
import { createWebhook, type WebhookOptions } from './events/createWebhook.js'
import { toMetrics } from './events/toMetrics.js'
import type { Lease } from './ledger/HeadRows.js'
import { longestLeaseMs } from './ledger/leaseTable.js'
import type { SendAnswer } from './operations/Answer.js'
import { type AdoptRequest, adopt } from './reconcile/adopt.js'
import { believe, readHead, tellLease } from './reconcile/believe.js'
import { compareSpending } from './reconcile/compareSpending.js'
import { fillGap } from './reconcile/fillGap.js'
import { type Inspected, inspectNonces } from './reconcile/inspectNonces.js'
import { inspectOpen } from './reconcile/inspectOpen.js'
import { mendDeepReorg } from './reconcile/mendDeepReorg.js'
import { passUnreachable } from './reconcile/passUnreachable.js'
import * as Report from './reconcile/Report.js'
import {
  ageMs,
  attempt,
  hasTime,
  look,
  notice,
  type Run,
  type Settings,
} from './reconcile/Run.js'
import type { Repair } from './reconcile/repair/RepairReport.js'
import { repair } from './reconcile/repair/repair.js'
import { tellEnds } from './reconcile/tellEnds.js'
import { watchForeign } from './reconcile/watchForeign.js'
import * as Context from './transaction/Context.js'

export type ReconcilerOptions = Omit<Context.ContextOptions, 'notify'> &
  Partial<Omit<Settings, 'confirmations'>> & {
    /** Receives each final state, signed. */
    webhook?: WebhookOptions | undefined
    /** Receives one line of CloudWatch's embedded metric format per run. */
    metrics?: ((line: string) => void) | undefined
  }

export type Reconciler = {
  /**
   * Advances everything in the ledger, as far as time allows. Call it about
   * every minute, from anywhere: two simultaneous runs do no harm.
   *
   * @param options.deadline - Milliseconds since 1970. @default in 50 seconds
   * @throws errors of KMS, the ledger or the node if nothing can be done at
   * all; problems with single transactions are in the report
   */
  run(options?: { deadline?: number | undefined }): Promise<Report.Report>
  /**
   * Compares the ledger with the chain and the pool, adds what is missing, and
   * makes this table the account's ledger. Signs nothing.
   *
   * @param options.dryRun - Only reports, and writes nothing.
   */
  repair(options?: {
    deadline?: number | undefined
    dryRun?: boolean | undefined
  }): Promise<Repair>
  /**
   * Records which request a transaction found by repair belongs to.
   *
   * @throws AdoptionError
   */
  adopt(
    request: AdoptRequest,
    options?: { deadline?: number | undefined },
  ): Promise<SendAnswer>
}

const defaults: Omit<Settings, 'confirmations'> = {
  stuckAfterMs: 60_000,
  resendAfterMs: 30_000,
  graceMs: 15_000,
  fillAfterMs: 20_000,
  suspectMs: 30_000,
}
const defaultRunMs = 50_000
const longestRunMs = longestLeaseMs - 10_000
const shareOfWaiting = 0.3
/**
 * Each fill costs a transfer. A gap of thousands is probably a mistake, so it
 * is reported first.
 */
const maxFills = 50

/**
 * A reconciler on a ledger. It resends signed transactions that nodes don't
 * show, bumps stuck ones, confirms mined ones, detects reorgs and outside use
 * of the key, reassigns or fills returned nonces, and ends expired or cancelled
 * requests.
 *
 * @throws WebhookConfigurationError
 * @example
 * const reconciler = createReconciler({ key, ledger, rpc })
 * setInterval(() => reconciler.run().catch(console.error), 60_000)
 */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { webhook, runtime = systemRuntime } = options
  const deliver = webhook && createWebhook(webhook, runtime)
  const open = Context.open({ ...options, notify: deliver !== undefined })

  async function work(run: Run, lease: Lease): Promise<bigint | undefined> {
    const { context, report } = run
    const { account } = context
    tellLease(run, lease)
    const head = await readHead(run)
    if (head === 'unknown') return undefined
    run.head = head
    const from = await believe(run, head, lease.finalBelow)
    report.finalBelow = toNumber(from)
    report.next = toNumber(head?.next)
    if (from !== undefined && run.view.latest < from) {
      if (await mendDeepReorg(run, from)) return undefined
      notice(run, {
        type: 'chain.behind',
        text: `The chain has ${run.view.latest} transactions from ${account.address}, but ${from} are settled in the ledger. The node is on another chain or is behind, or the chain was reset. Nothing was done.`,
      })
      return undefined
    }
    const inspected =
      head === undefined || from === undefined
        ? undefined
        : await inspectNonces(shorten(run), from, head.next)
    if (head !== undefined && inspected !== undefined)
      await watchForeign(run, head, inspected)
    const ended = await inspectOpen(run, from)
    if (inspected !== undefined) await fillGaps(run, inspected)
    if (head !== undefined && hasTime(run)) await passUnreachable(run, head)
    if (head !== undefined && hasTime(run))
      await attempt(run, {}, () => compareSpending(run, head))
    await tellEnds(run, ended, deliver)
    report.finalBelow = toNumber(inspected?.finalBelow) ?? report.finalBelow
    return inspected?.finalBelow
  }

  async function start(deadline: number): Promise<Run> {
    const context = await open(deadline)
    const { confirmations } = context
    const settings = { ...defaults, ...given(options), confirmations }
    const view = await look(context, settings, deadline)
    const report = Report.create()
    const run = { context, settings, deadline, report, view }
    const signed = new Set<string>()
    return { ...run, foreign: [], signed, head: undefined }
  }

  return {
    async run({ deadline: given } = {}) {
      const now = runtime.now()
      // A lease never lasts longer than five minutes, so neither does a run.
      const deadline = Math.min(given ?? now + defaultRunMs, now + longestRunMs)
      const context = await open(deadline)
      const { ledger, account } = context
      const holder = runtime.uuid()
      const until = deadline + 5000
      const taken = await ledger.lease(account, holder, until, { deadline })
      if ('skippedSince' in taken) {
        const report = {
          ...Report.create(),
          skipped: true,
          skippedForMs: runtime.now() - taken.skippedSince,
        }
        options.metrics?.(toMetrics(report, account, { now }))
        return report
      }
      let settled: bigint | undefined
      let report: Report.Report
      try {
        const run = await start(deadline)
        report = run.report
        settled = await work(run, taken.lease)
      } finally {
        await ledger
          .release(account, holder, settled, { deadline: runtime.now() + 2000 })
          .catch(() => {})
      }
      if (options.metrics !== undefined)
        options.metrics(
          toMetrics(report, account, {
            now: runtime.now(),
            balanceEther: await readBalance(context, deadline),
          }),
        )
      return report
    },

    async repair({ deadline: given, dryRun = false } = {}) {
      const deadline = given ?? runtime.now() + defaultRunMs
      return repair(await start(deadline), { dryRun })
    },

    async adopt(request, { deadline } = {}) {
      const until = deadline ?? runtime.now() + defaultRunMs
      return adopt(await open(until), request, until)
    },
  }
}

/**
 * Reserves a share of the time for requests that wait for a nonce or a filled
 * gap.
 */
function shorten(run: Run): Run {
  const leftMs = Math.max(0, run.deadline - run.context.runtime.now())
  return { ...run, deadline: run.deadline - leftMs * shareOfWaiting }
}

/**
 * Fills only nonces that no waiting request took and that block later nonces.
 */
async function fillGaps(run: Run, { free, signed }: Inspected): Promise<void> {
  const { fillAfterMs } = run.settings
  const waiting = signed.filter(({ at }) => ageMs(run, at) > fillAfterMs)
  const isInTheWay = (gap: bigint) => waiting.some(({ nonce }) => nonce > gap)
  for (const nonce of free.filter(isInTheWay).slice(0, maxFills))
    if (hasTime(run)) await attempt(run, { nonce }, () => fillGap(run, nonce))
}

async function readBalance(
  { chain, account }: Context.Context,
  deadline: number,
): Promise<number | undefined> {
  try {
    const wei = await chain.getBalance(account.address, { deadline })
    return Number(EtherAmount.fromWei(wei))
  } catch {
    return undefined
  }
}

function given(options: ReconcilerOptions): Partial<Settings> {
  return Object.fromEntries(
    Object.keys(defaults)
      .map((name) => [name, options[name as keyof typeof defaults]])
      .filter(([, value]) => value !== undefined),
  )
}

function toNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}
