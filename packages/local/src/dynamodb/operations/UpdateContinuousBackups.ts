import type { Operation } from '../DynamoContext.js'
import { describeBackedUp } from '../describeTable.js'
import { invalid } from '../errors.js'
import type { Json } from '../Json.js'
import { describeRecovery, tableName } from '../recovery.js'

const longestDays = 35

export const UpdateContinuousBackups: Operation = {
  members: {
    TableName: tableName,
    PointInTimeRecoverySpecification: {
      type: 'FieldStruct<PointInTimeRecoverySpecification>',
      notNull: true,
      children: {
        PointInTimeRecoveryEnabled: { type: 'Boolean', notNull: true },
        RecoveryPeriodInDays: {
          type: 'Integer',
          greaterThanOrEqual: 1,
          lessThanOrEqual: longestDays,
        },
      },
    },
  },
  isExclusive: true,
  async run(context, input) {
    const { engine, settings } = context
    const table = await describeBackedUp(context, input.TableName)
    const name = String(table.TableName)
    const {
      PointInTimeRecoveryEnabled: isOn,
      RecoveryPeriodInDays: days = longestDays,
    } = input.PointInTimeRecoverySpecification as Json
    if (isOn !== true && days !== longestDays)
      throw invalid(
        'Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.',
      )
    const wasOn = settings.get(name).pointInTimeRecovery
    if (isOn === true && !wasOn) await engine.changes.start(name)
    settings.change(name, {
      pointInTimeRecovery: isOn === true,
      recoveryPeriodInDays: Number(days),
    })
    if (isOn !== true) await engine.changes.stop(name)
    return describeRecovery(context, name)
  },
}
