import { toDetails } from '../backups.js'
import type { Operation } from '../DynamoContext.js'
import { describeBackedUp } from '../describeTable.js'
import { tableName } from '../recovery.js'

export const CreateBackup: Operation = {
  members: {
    TableName: tableName,
    BackupName: {
      type: 'String',
      notNull: true,
      regex: '[a-zA-Z0-9_.-]+',
      lengthGreaterThanOrEqual: 3,
      lengthLessThanOrEqual: 255,
    },
  },
  isExclusive: true,
  async run(context, input) {
    const { engine } = context
    const table = await describeBackedUp(context, input.TableName)
    const backup = await engine.backups.create({
      name: String(input.BackupName),
      type: 'USER',
      table,
      items: await engine.changes.itemsAt(String(table.TableName)),
    })
    // In AWS, a backup becomes available a moment later. This one already is.
    return { BackupDetails: toDetails(backup, 'CREATING') }
  },
}
