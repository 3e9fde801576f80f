import type { Operation } from '../DynamoContext.js'
import { describeBackedUp } from '../describeTable.js'
import { describeRecovery, tableName } from '../recovery.js'

export const DescribeContinuousBackups: Operation = {
  members: { TableName: tableName },
  async run(context, input) {
    const table = await describeBackedUp(context, input.TableName)
    return describeRecovery(context, String(table.TableName))
  },
}
