/** The results of one run of the reconciler. */
export type Report = {
  /** Whether nothing was done because another reconciler was running. */
  skipped: boolean
  /**
   * For how long runs have been skipped because another reconciler was running.
   */
  skippedForMs: number
  /**
   * Nonces below it are permanently settled; undefined before the first one.
   */
  finalBelow: number | undefined
  /** The next nonce to assign. */
  next: number | undefined
  counts: Record<Count, number>
  /** Notices that people should read or act on. */
  notices: Notice[]
  /** The number of further notices. */
  withheld: number
}

export const counts = [
  'open',
  'advanced',
  'resent',
  'bumped',
  'cancelled',
  'filled',
  'mined',
  'reverted',
  'replaced',
  'dropped',
  'expired',
  'refused',
  'reorged',
  'unconfirmed',
  'external',
  'damaged',
  'failed',
  'delivered',
] as const
export type Count = (typeof counts)[number]

export type Notice = {
  type:
    | 'transaction.reorged'
    | 'transaction.stuck'
    | 'transaction.unconfirmed'
    | 'account.external_use'
    | 'account.gap_filled'
    | 'chain.behind'
    | 'guard.halted'
    | 'ledger.damaged'
    | 'ledger.incomplete'
    | 'lease.broken'
    | 'reconciler.skipped'
    | 'webhook.failed'
    | 'step.failed'
  text: string
  transactionId?: string
  nonce?: number
}

/** Maximum notices of a run, because nobody would read more. */
const maxNotices = 100

export function create(): Report {
  return {
    skipped: false,
    skippedForMs: 0,
    finalBelow: undefined,
    next: undefined,
    counts: Object.fromEntries(
      counts.map((name) => [name, 0]),
    ) as Report['counts'],
    notices: [],
    withheld: 0,
  }
}

export function addNotice(report: Report, notice: Notice): void {
  if (report.notices.length < maxNotices) report.notices.push(notice)
  else report.withheld++
}
