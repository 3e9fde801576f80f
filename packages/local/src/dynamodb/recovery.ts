import type { Members } from './actions.js'
import type { DynamoContext } from './DynamoContext.js'
import type { Json } from './Json.js'

const dayMs = 24 * 3600 * 1000

export const tableName: Members[string] = {
  type: 'String',
  notNull: true,
  lengthGreaterThanOrEqual: 1,
  lengthLessThanOrEqual: 1024,
}

/**
 * The range of times, in ms, to which a table can be recovered; undefined if it
 * can't be. In AWS, the latest time is minutes behind; here, it is the current
 * time.
 */
export function recoverable(
  { engine, settings, now }: DynamoContext,
  name: string,
): { earliest: number; latest: number } | undefined {
  const { pointInTimeRecovery, recoveryPeriodInDays } = settings.get(name)
  const since = engine.changes.since(name)
  if (!pointInTimeRecovery || since === undefined) return undefined
  const latest = Math.max(now(), since)
  const earliest = Math.max(since, latest - recoveryPeriodInDays * dayMs)
  return { earliest, latest }
}

export function describeRecovery(context: DynamoContext, name: string): Json {
  const times = recoverable(context, name)
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: times
        ? {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays:
              context.settings.get(name).recoveryPeriodInDays,
            EarliestRestorableDateTime: times.earliest / 1000,
            LatestRestorableDateTime: times.latest / 1000,
          }
        : { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  }
}
