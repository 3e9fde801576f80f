import type { LogsOperation } from '../LogsContext.js'
import {
  findGroup,
  invalid,
  optionalInteger,
  optionalText,
  optionalTexts,
} from '../readInput.js'
import { toMatcher } from '../toMatcher.js'

const times = { min: 0, max: Number.MAX_SAFE_INTEGER }

/**
 * A token is the position to continue from, so it stays valid when events are
 * added.
 */
export const FilterLogEvents: LogsOperation = (context, input, principal) => {
  const { name } = findGroup(context, input, principal, 'FilterLogEvents')
  const from = optionalInteger(input, 'startTime', times) ?? 0
  const to = optionalInteger(input, 'endTime', times) ?? Infinity
  const limit = optionalInteger(input, 'limit', { min: 1, max: 10_000 })
  const names = optionalTexts(input, 'logStreamNames')
  const prefix = optionalText(input, 'logStreamNamePrefix') ?? ''
  const matches = toMatcher(optionalText(input, 'filterPattern'))
  const token = optionalText(input, 'nextToken') ?? '0'
  if (!/^\d{1,15}$/.test(token))
    throw invalid('The specified nextToken is invalid.')
  const found = context.store
    .events(name)
    .filter(
      ({ stream, at, message, position }) =>
        position >= Number(token) &&
        at >= from &&
        at <= to &&
        (names === undefined || names.includes(stream)) &&
        stream.startsWith(prefix) &&
        matches(message),
    )
  const page = found.slice(0, limit ?? 10_000)
  const next = found[page.length]
  return {
    events: page.map(({ stream, at, message, position }) => ({
      logStreamName: stream,
      timestamp: at,
      message,
      ingestionTime: at,
      eventId: String(position).padStart(56, '0'),
    })),
    searchedLogStreams: [],
    ...(next && { nextToken: String(next.position) }),
  }
}
