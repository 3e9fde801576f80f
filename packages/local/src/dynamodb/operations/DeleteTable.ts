import { membersOf } from '../actions.js'
import type { Operation } from '../DynamoContext.js'
import { complete, describeTable } from '../describeTable.js'
import { invalid } from '../errors.js'
import type { Json } from '../Json.js'

export const DeleteTable: Operation = {
  members: membersOf('DeleteTable'),
  isExclusive: true,
  async run(context, input) {
    const { engine, settings } = context
    const table = await describeTable(context, input.TableName)
    const name = String(table.TableName)
    const { deletionProtection, pointInTimeRecovery } = settings.get(name)
    if (deletionProtection)
      throw invalid(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      )
    // AWS also does this if point-in-time recovery was on.
    if (pointInTimeRecovery)
      await engine.backups.create({
        name: `${name}$DeletedTableBackup`,
        type: 'SYSTEM',
        table,
        items: await engine.changes.itemsAt(name),
      })
    const { TableDescription } = await engine.call('DeleteTable', input)
    const deleted = complete(context, TableDescription as Json)
    await engine.changes.stop(name)
    settings.clear(name)
    return { TableDescription: deleted }
  },
}
