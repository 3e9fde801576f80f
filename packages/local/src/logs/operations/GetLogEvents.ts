import { AwsError } from '../../protocol/Service.js'
import type { LogEvent } from '../LogGroup.js'
import type { LogsInput, LogsOperation } from '../LogsContext.js'
import {
  findGroup,
  invalid,
  optionalInteger,
  optionalText,
} from '../readInput.js'

const times = { min: 0, max: Number.MAX_SAFE_INTEGER }

/** Tokens are `f/` or `b/` followed by the position to continue from. */
export const GetLogEvents: LogsOperation = (context, input, principal) => {
  const { name } = findGroup(context, input, principal, 'GetLogEvents')
  const wanted = optionalText(input, 'logStreamName')
  const all = context.store
    .events(name)
    .filter(({ stream }) => stream === wanted)
  if (all.length === 0)
    throw new AwsError(
      'ResourceNotFoundException',
      'The specified log stream does not exist.',
    )
  const from = optionalInteger(input, 'startTime', times) ?? 0
  const to = optionalInteger(input, 'endTime', times) ?? Infinity
  const limit =
    optionalInteger(input, 'limit', { min: 1, max: 10_000 }) ?? 10_000
  const within = all.filter(({ at }) => at >= from && at < to)
  const page = choose(within, input, limit)
  const [first, last] = [page[0], page.at(-1)]
  const token = readToken(input)
  return {
    events: page.map(({ at, message }) => ({
      timestamp: at,
      message,
      ingestionTime: at,
    })),
    nextForwardToken: `f/${last ? last.position + 1 : (token?.position ?? 0)}`,
    nextBackwardToken: `b/${first ? first.position : (token?.position ?? 0)}`,
  }
}

function choose(
  events: readonly LogEvent[],
  input: LogsInput,
  limit: number,
): LogEvent[] {
  const token = readToken(input)
  if (token?.isForward)
    return events
      .filter(({ position }) => position >= token.position)
      .slice(0, limit)
  if (token)
    return events
      .filter(({ position }) => position < token.position)
      .slice(-limit)
  return input.startFromHead === true
    ? events.slice(0, limit)
    : events.slice(-limit)
}

function readToken(
  input: LogsInput,
): { isForward: boolean; position: number } | undefined {
  const text = optionalText(input, 'nextToken')
  if (text === undefined) return undefined
  const [, kind, position] = /^([fb])\/(\d{1,15})$/.exec(text) ?? []
  if (kind === undefined) throw invalid('The specified nextToken is invalid.')
  return { isForward: kind === 'f', position: Number(position) }
}
