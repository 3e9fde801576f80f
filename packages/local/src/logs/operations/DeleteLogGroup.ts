import type { LogsOperation } from '../LogsContext.js'
import { findGroup } from '../readInput.js'

export const DeleteLogGroup: LogsOperation = (context, input, principal) => {
  const { name } = findGroup(context, input, principal, 'DeleteLogGroup')
  context.store.remove(name)
  return undefined
}
