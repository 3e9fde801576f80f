import type { LogsOperation } from '../LogsContext.js'
import {
  invalid,
  optionalInteger,
  optionalText,
  paginate,
  toResource,
} from '../readInput.js'

export const DescribeLogGroups: LogsOperation = (context, input, principal) => {
  const { authorize, store, region, accountId } = context
  authorize({
    principal,
    action: 'logs:DescribeLogGroups',
    resource: toResource(context, ''),
  })
  const prefix = optionalText(input, 'logGroupNamePrefix')
  const pattern = optionalText(input, 'logGroupNamePattern')
  if (prefix !== undefined && pattern !== undefined)
    throw invalid(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    )
  const limit = optionalInteger(input, 'limit', { min: 1, max: 50 }) ?? 50
  const found = store
    .groups()
    .filter(
      ({ name }) =>
        name.startsWith(prefix ?? '') && name.includes(pattern ?? ''),
    )
  const { page, ...next } = paginate(input, found, limit)
  return {
    logGroups: page.map(({ name, createdAt, retentionInDays }) => {
      const arn = `arn:aws:logs:${region}:${accountId}:log-group:${name}`
      return {
        logGroupName: name,
        creationTime: Math.round(createdAt),
        ...(retentionInDays !== undefined && { retentionInDays }),
        metricFilterCount: 0,
        arn: `${arn}:*`,
        storedBytes: store
          .events(name)
          .reduce((sum, { message }) => sum + message.length, 0),
        logGroupClass: 'STANDARD',
        logGroupArn: arn,
      }
    }),
    ...next,
  }
}
