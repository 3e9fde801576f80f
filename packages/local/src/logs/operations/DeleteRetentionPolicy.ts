import type { LogsOperation } from '../LogsContext.js'
import { findGroup } from '../readInput.js'

export const DeleteRetentionPolicy: LogsOperation = (
  context,
  input,
  principal,
) => {
  const { retentionInDays: _, ...group } = findGroup(
    context,
    input,
    principal,
    'DeleteRetentionPolicy',
  )
  context.store.save(group)
  return undefined
}
