import type { LogsOperation } from '../LogsContext.js'
import {
  findGroup,
  optionalInteger,
  optionalText,
  paginate,
} from '../readInput.js'

export const DescribeLogStreams: LogsOperation = (
  context,
  input,
  principal,
) => {
  const { name } = findGroup(context, input, principal, 'DescribeLogStreams')
  const prefix = optionalText(input, 'logStreamNamePrefix') ?? ''
  const isByTime = optionalText(input, 'orderBy') === 'LastEventTime'
  const sign = input.descending === true ? -1 : 1
  const limit = optionalInteger(input, 'limit', { min: 1, max: 50 }) ?? 50
  const streams = new Map<string, { first: number; last: number }>()
  for (const { stream, at } of context.store.events(name)) {
    const known = streams.get(stream)
    if (!known) streams.set(stream, { first: at, last: at })
    else known.last = Math.max(known.last, at)
  }
  const found = [...streams]
    .filter(([stream]) => stream.startsWith(prefix))
    .sort(
      ([a, { last: atA }], [b, { last: atB }]) =>
        sign * (isByTime ? atA - atB : a < b ? -1 : 1),
    )
  const { page, ...next } = paginate(input, found, limit)
  const { region, accountId } = context
  return {
    logStreams: page.map(([stream, { first, last }]) => ({
      logStreamName: stream,
      creationTime: first,
      firstEventTimestamp: first,
      lastEventTimestamp: last,
      lastIngestionTime: last,
      arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:log-stream:${stream}`,
      storedBytes: 0,
    })),
    ...next,
  }
}
