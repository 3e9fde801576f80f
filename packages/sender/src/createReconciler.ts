import { randomUUID } from 'node:crypto'
import { EtherAmount } from '@keyward/core'
import { createWebhook, type WebhookOptions } from './events/createWebhook.js'
import { toMetrics } from './events/toMetrics.js'
import { fillGap } from './reconcile/fillGap.js'
import { type Inspected, inspectNonces } from './reconcile/inspectNonces.js'
import { inspectOpen } from './reconcile/inspectOpen.js'
import { mendDeepReorg } from './reconcile/mendDeepReorg.js'
import * as Report from './reconcile/Report.js'
import {
  attempt,
  hasTime,
  look,
  notice,
  type Run,
  type Settings,
} from './reconcile/Run.js'
import { tellEnds } from './reconcile/tellEnds.js'
import * as Context from './transaction/Context.js'

export type ReconcilerOptions = Omit<Context.ContextOptions, 'notify'> &
  Partial<Settings> & {
    /** Hears of each end, signed. */
    webhook?: WebhookOptions | undefined
    /** Takes one line of CloudWatch's embedded metric format per run. */
    metrics?: ((line: string) => void) | undefined
  }

export type Reconciler = {
  /**
   * Brings everything in the ledger forward, as far as time goes. To be called
   * every minute or so, from anywhere: two at once do no harm.
   *
   * @param options.deadline - Milliseconds since 1970. @default in 50 seconds
   * @throws what KMS, the ledger or the node throw when nothing can be done at
   * all; what concerns one transaction is in the report
   */
  run(options?: { deadline?: number | undefined }): Promise<Report.Report>
}

const defaults: Settings = {
  confirmations: 12,
  stuckAfterMs: 60_000,
  resendAfterMs: 30_000,
  graceMs: 15_000,
  fillAfterMs: 20_000,
  suspectMs: 30_000,
}
const defaultRunMs = 50_000
const shareOfWaiting = 0.3
/** Each costs a transfer: a gap of thousands is a mistake to be told first. */
const maxFills = 50

/**
 * A reconciler on a ledger: resends what was signed and not seen, bumps what is
 * stuck, confirms, notices reorgs and others' use of the key, gives or fills
 * nonces that came back, ends what is expired or cancelled.
 *
 * @throws WebhookConfigurationError
 * @example
 * const reconciler = createReconciler({ key, ledger, rpc })
 * setInterval(() => reconciler.run().catch(console.error), 60_000)
 */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const deliver = options.webhook && createWebhook(options.webhook)
  const open = Context.open({ ...options, notify: deliver !== undefined })
  const settings = { ...defaults, ...given(options) }

  async function work(run: Run, finalBelow: bigint | undefined) {
    const { context, report } = run
    const { ledger, account } = context
    const head = await ledger.getHead(account, { deadline: run.deadline })
    report.finalBelow = toNumber(finalBelow)
    report.next = toNumber(head?.next)
    const from = finalBelow ?? head?.first
    if (from !== undefined && run.view.latest < from) {
      if (await mendDeepReorg(run, from)) return undefined
      notice(run, {
        type: 'chain.behind',
        text: `The chain has ${run.view.latest} transactions of ${account.address}, but ${from} are settled in the ledger. Another chain, one that was reset, or a node that is behind: nothing was done.`,
      })
      return undefined
    }
    const inspected =
      head === undefined || from === undefined
        ? undefined
        : await inspectNonces(shorten(run), from, head.next)
    const ended = await inspectOpen(run)
    if (inspected !== undefined) await fillGaps(run, inspected)
    await tellEnds(run, ended, deliver)
    report.finalBelow = toNumber(inspected?.finalBelow) ?? report.finalBelow
    return inspected?.finalBelow
  }

  return {
    async run({ deadline = Date.now() + defaultRunMs } = {}) {
      const context = await open()
      const { ledger, account } = context
      const report = Report.create()
      const holder = randomUUID()
      const until = deadline + 5000
      const lease = await ledger.lease(account, holder, until, { deadline })
      if (lease === undefined) return { ...report, skipped: true }
      let settled: bigint | undefined
      try {
        const view = await look(context, settings, deadline)
        const run: Run = { context, settings, deadline, report, view }
        settled = await work(run, lease.finalBelow)
      } finally {
        await ledger
          .release(account, holder, settled, { deadline: Date.now() + 2000 })
          .catch(() => {})
      }
      if (options.metrics !== undefined)
        options.metrics(
          toMetrics(report, account, {
            balanceEther: await readBalance(context, deadline),
          }),
        )
      return report
    },
  }
}

/** What waits for a nonce, or for a gap to be filled, has its share of time. */
function shorten(run: Run): Run {
  const leftMs = Math.max(0, run.deadline - Date.now())
  return { ...run, deadline: run.deadline - leftMs * shareOfWaiting }
}

/** Only what no waiting request has taken, and what others wait for. */
async function fillGaps(run: Run, { free, signed }: Inspected): Promise<void> {
  const old = Date.now() - run.settings.fillAfterMs
  const waiting = signed.filter(({ at }) => at < old)
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
      .map((name) => [name, options[name as keyof Settings]])
      .filter(([, value]) => value !== undefined),
  )
}

function toNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}
