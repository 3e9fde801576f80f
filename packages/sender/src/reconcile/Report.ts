/** What one run of the reconciler did. */
export type Report = {
  /** Another reconciler was at work; nothing was done. */
  skipped: boolean
  /** Nonces below it are settled for good; undefined before the first one. */
  finalBelow: number | undefined
  /** The next nonce to be given. */
  next: number | undefined
  counts: Record<Count, number>
  /** What people should know, or do something about. */
  notices: Notice[]
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
  'external',
  'failed',
  'delivered',
] as const
export type Count = (typeof counts)[number]

export type Notice = {
  type:
    | 'transaction.reorged'
    | 'transaction.stuck'
    | 'account.external_use'
    | 'account.gap_filled'
    | 'chain.behind'
    | 'webhook.failed'
    | 'step.failed'
  text: string
  transaction_id?: string
  nonce?: number
}

export function create(): Report {
  return {
    skipped: false,
    finalBelow: undefined,
    next: undefined,
    counts: Object.fromEntries(
      counts.map((name) => [name, 0]),
    ) as Report['counts'],
    notices: [],
  }
}
