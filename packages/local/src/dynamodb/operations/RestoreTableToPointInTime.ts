import { AwsError } from '../../protocol/Service.js'
import type { DynamoContext, Operation } from '../DynamoContext.js'
import { describeBackedUp } from '../describeTable.js'
import { invalid } from '../errors.js'
import type { Json } from '../Json.js'
import { recoverable } from '../recovery.js'
import { assertNew, restoreTable, targetTableName } from '../restoreTable.js'
import { nameOf } from '../Table.js'

export const RestoreTableToPointInTime: Operation = {
  members: {
    SourceTableArn: {
      type: 'String',
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: 1024,
    },
    SourceTableName: {
      type: 'String',
      regex: '[a-zA-Z0-9_.-]+',
      lengthGreaterThanOrEqual: 3,
      lengthLessThanOrEqual: 255,
    },
    TargetTableName: targetTableName,
    UseLatestRestorableTime: { type: 'Boolean' },
    RestoreDateTime: { type: 'Double' },
  },
  isExclusive: true,
  async run(context, input) {
    const name = String(input.TargetTableName)
    const asked = readTime(input)
    const source = await describeBackedUp(context, readSource(context, input))
    const at = assertRecoverable(context, String(source.TableName), asked)
    assertNew(context, name)
    const TableDescription = await restoreTable(context, {
      name,
      source,
      restore: {
        sourceTableArn: String(source.TableArn),
        restoreDateTime: at,
      },
      items: await context.engine.changes.itemsAt(String(source.TableName), at),
    })
    return { TableDescription }
  },
}

/** The time in ms; undefined for the latest time. */
function readTime(input: Json): number | undefined {
  const { UseLatestRestorableTime: isLatest, RestoreDateTime: at } = input
  if (isLatest === true && at !== undefined)
    throw invalid(
      'Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore request. Please specify either RestoreDateTime time or UseLatestRestorableTime',
    )
  if (isLatest !== true && at === undefined)
    throw invalid(
      'Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both',
    )
  return isLatest === true ? undefined : Math.round(Number(at) * 1000)
}

function readSource(context: DynamoContext, input: Json): string {
  const { SourceTableArn: arn, SourceTableName } = input
  if (arn !== undefined && SourceTableName !== undefined)
    throw invalid(
      'Invalid Request: Must provide exactly one of: sourceTableArn, sourceTableName',
    )
  if (typeof SourceTableName === 'string') return SourceTableName
  if (typeof arn !== 'string')
    throw invalid(
      "The parameter 'TableName' is required but was not present in the request",
    )
  const name = nameOf(arn, context)
  if (name !== undefined && !arn.includes('/index/')) return name
  throw invalid('Invalid Request: sourceTableArn is not a valid ARN')
}

function assertRecoverable(
  context: DynamoContext,
  name: string,
  asked: number | undefined,
): number {
  const times = recoverable(context, name)
  if (!times)
    throw new AwsError(
      'PointInTimeRecoveryUnavailableException',
      `Point in time recovery is not enabled for table '${name}'`,
    )
  const { earliest, latest } = times
  const at = asked ?? latest
  if (at >= earliest && at <= latest) return at
  throw new AwsError(
    'InvalidRestoreTimeException',
    `RestoreDateTime '${toText(at)}' must be within EarliestRestorableDateTime '${toText(earliest)}' and LatestRestorableDateTime '${toText(latest)}'`,
  )
}

/** Leaves out a fraction that is zero. */
function toText(at: number): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime())
    ? String(at / 1000)
    : date.toISOString().replace('.000Z', 'Z')
}
