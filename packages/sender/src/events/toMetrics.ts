import type { Account } from '../ledger/TransactionRecord.js'
import type { Report } from '../reconcile/Report.js'

/**
 * Formats a run as one line of CloudWatch's embedded metric format. In a
 * function's log, the line becomes metrics without any call.
 *
 * A metric costs money for each hour in which it is written, so each run writes
 * only the gauges that alarms need and the counts that are not 0.
 */
export function toMetrics(
  report: Report,
  account: Account,
  { now, balanceEther }: { now: number; balanceEther?: number | undefined },
): string {
  const { open, ...happened } = report.counts
  // A skipped run has no other data.
  const gauges: Record<string, number> = report.skipped
    ? { Skipped: 1, SkippedSeconds: Math.round(report.skippedForMs / 1000) }
    : {
        Open: open,
        Unsettled: (report.next ?? 0) - (report.finalBelow ?? report.next ?? 0),
        ...(balanceEther === undefined ? {} : { BalanceEther: balanceEther }),
      }
  const values: Record<string, number> = {
    ...gauges,
    ...Object.fromEntries(
      Object.entries(happened)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => [toName(name), count]),
    ),
  }
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: 'Keyward',
          Dimensions: [['ChainId', 'Address']],
          Metrics: Object.keys(values).map((Name) => ({
            Name,
            Unit: Name === 'BalanceEther' ? 'None' : 'Count',
          })),
        },
      ],
    },
    ChainId: String(account.chainId),
    Address: account.address,
    ...values,
  })
}

/** Capitalizes a count's name: `mined` becomes `Mined`. */
function toName(count: string): string {
  return count.slice(0, 1).toUpperCase() + count.slice(1)
}
