import type { Account } from '../ledger/TransactionRecord.js'
import { counts, type Report } from '../reconcile/Report.js'

/**
 * A run as one line of CloudWatch's embedded metric format: written to a
 * function's log, it becomes metrics without a call.
 */
export function toMetrics(
  report: Report,
  account: Account,
  details: { balanceEther: number | undefined; durationMs: number },
): string {
  const values: Record<string, number> = {
    ...Object.fromEntries(
      counts.map((name) => [toName(name), report.counts[name]]),
    ),
    Unsettled: (report.next ?? 0) - (report.finalBelow ?? report.next ?? 0),
    Duration: details.durationMs,
    ...(details.balanceEther === undefined
      ? {}
      : { BalanceEther: details.balanceEther }),
  }
  return JSON.stringify({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: 'Keyward',
          Dimensions: [['ChainId', 'Address']],
          Metrics: Object.keys(values).map((Name) => ({
            Name,
            Unit: Name === 'Duration' ? 'Milliseconds' : 'Count',
          })),
        },
      ],
    },
    ChainId: String(account.chainId),
    Address: account.address,
    ...values,
  })
}

/** `open` as `Open`. */
function toName(count: string): string {
  return count.slice(0, 1).toUpperCase() + count.slice(1)
}
