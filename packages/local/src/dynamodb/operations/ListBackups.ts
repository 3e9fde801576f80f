import { optionalBackupArn, toDetails } from '../backups.js'
import type { Operation } from '../DynamoContext.js'
import { invalid } from '../errors.js'

const longest = 100

export const ListBackups: Operation = {
  members: {
    TableName: {
      type: 'String',
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: 1024,
    },
    Limit: {
      type: 'Integer',
      greaterThanOrEqual: 1,
      lessThanOrEqual: longest,
    },
    TimeRangeLowerBound: { type: 'Double' },
    TimeRangeUpperBound: { type: 'Double' },
    ExclusiveStartBackupArn: optionalBackupArn,
    BackupType: {
      type: 'String',
      enum: ['USER', 'SYSTEM', 'AWS_BACKUP', 'ALL'],
    },
  },
  async run({ engine }, input) {
    const { TableName, Limit = longest, BackupType = 'USER' } = input
    const lower = Number(input.TimeRangeLowerBound ?? 0) * 1000
    const upper =
      input.TimeRangeUpperBound === undefined
        ? Number.POSITIVE_INFINITY
        : Number(input.TimeRangeUpperBound) * 1000
    if (lower > upper)
      throw invalid(
        'One or more parameter values were invalid: Time range lower bound must be less than or equal to upper bound',
      )
    const after = timeOf(input.ExclusiveStartBackupArn)
    const found = engine.backups
      .list()
      .filter(
        ({ arn, type, createdAt, table }) =>
          (TableName === undefined || table.TableName === TableName) &&
          (BackupType === 'ALL' || BackupType === type) &&
          createdAt >= lower &&
          createdAt < upper &&
          (after === undefined ||
            createdAt > after.at ||
            (createdAt === after.at && arn > after.arn)),
      )
    const page = found.slice(0, Number(Limit))
    return {
      BackupSummaries: page.map((backup) => ({
        TableName: backup.table.TableName,
        TableId: backup.table.TableId,
        TableArn: backup.table.TableArn,
        ...toDetails(backup),
      })),
      ...(found.length > page.length && {
        LastEvaluatedBackupArn: page.at(-1)?.arn,
      }),
    }
  },
}

/**
 * The time in a backup's ARN. Even the ARN of a deleted backup marks a
 * position.
 */
function timeOf(arn: unknown): { at: number; arn: string } | undefined {
  if (typeof arn !== 'string') return undefined
  const [, at] = /\/backup\/(\d{14})-[0-9a-f]{8}$/.exec(arn) ?? []
  if (at === undefined) throw invalid('Invalid Backup ARN')
  return { at: Number(at), arn }
}
