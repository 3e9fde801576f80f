import { retentions } from '../LogGroup.js'
import type { LogsOperation } from '../LogsContext.js'
import { findGroup, invalid } from '../readInput.js'

export const PutRetentionPolicy: LogsOperation = (
  context,
  input,
  principal,
) => {
  const group = findGroup(context, input, principal, 'PutRetentionPolicy')
  const days = input.retentionInDays
  if (typeof days !== 'number' || !retentions.includes(days))
    throw invalid(
      `1 validation error detected: Value '${String(days).slice(0, 80)}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${retentions.join(', ')}]`,
    )
  context.store.save({ ...group, retentionInDays: days })
  return undefined
}
