import { membersOf } from '../actions.js'
import type { Operation } from '../DynamoContext.js'
import { complete, describeTable } from '../describeTable.js'
import type { Json } from '../Json.js'

export const UpdateTable: Operation = {
  members: {
    ...membersOf('UpdateTable'),
    DeletionProtectionEnabled: { type: 'Boolean' },
  },
  isExclusive: true,
  async run(context, input) {
    const { DeletionProtectionEnabled: deletionProtection, ...rest } = input
    const before = await describeTable(context, rest.TableName)
    const isOurs =
      typeof deletionProtection === 'boolean' &&
      Object.keys(rest).every((each) => each === 'TableName')
    const table = isOurs
      ? before
      : (await context.engine.call('UpdateTable', rest)).TableDescription
    if (typeof deletionProtection === 'boolean')
      context.settings.change(String(before.TableName), { deletionProtection })
    return { TableDescription: complete(context, table as Json) }
  },
}
