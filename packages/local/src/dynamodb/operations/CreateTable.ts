import { AwsError } from '../../protocol/Service.js'
import { membersOf } from '../actions.js'
import type { Operation } from '../DynamoContext.js'
import { complete } from '../describeTable.js'
import type { Json } from '../Json.js'
import { newRevision } from '../newRevision.js'
import * as TablePolicy from '../TablePolicy.js'

export const CreateTable: Operation = {
  members: {
    ...membersOf('CreateTable'),
    DeletionProtectionEnabled: { type: 'Boolean' },
    ResourcePolicy: { type: 'String' },
  },
  isExclusive: true,
  async run(context, input) {
    const { engine, settings } = context
    const { DeletionProtectionEnabled, ResourcePolicy, ...rest } = input
    const document =
      typeof ResourcePolicy === 'string'
        ? TablePolicy.canonicalize(ResourcePolicy)
        : undefined
    const name = String(rest.TableName)
    if (settings.has(name))
      throw new AwsError(
        'ResourceInUseException',
        settings.get(name).restore
          ? `Table is being used: ${name}`
          : `Table already exists: ${name}`,
      )
    // The policy must be in force before the table can be used.
    settings.begin(name, {
      deletionProtection: DeletionProtectionEnabled === true,
      ...(document !== undefined && {
        policy: { document, revisionId: newRevision(context, undefined) },
      }),
    })
    try {
      const { TableDescription } = await engine.call('CreateTable', rest)
      return { TableDescription: complete(context, TableDescription as Json) }
    } catch (error) {
      settings.clear(name)
      throw error
    }
  },
}
