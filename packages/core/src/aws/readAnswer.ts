import * as Quote from '../parse/Quote.js'
import type { AwsErrors, Refusal } from './AwsService.js'
import type { Answer } from './createExchange.js'

export type Output = {
  output: Record<string, unknown>
  requestId?: string
  /** The answer's `Date` in ms since 1970, to the second. */
  date?: number
}

/** The output of a call, or its failure. */
export function readAnswer(
  operation: string,
  answer: Answer,
  errors: AwsErrors,
): Output | { damage: Error } | { refusal: Refusal } {
  const { status, damage, headers } = answer
  const header = headers['x-amzn-requestid']
  const requestId = typeof header === 'string' ? header : undefined
  const output = damage === undefined ? parseObject(answer.body) : undefined
  const time = Date.parse(headers.date ?? '')
  const date = Number.isNaN(time) ? undefined : time
  if (status === 200 && output !== undefined)
    return {
      output,
      ...(requestId !== undefined && { requestId }),
      ...(date !== undefined && { date }),
    }
  if (status === 200)
    return {
      damage: errors.damaged(operation, damage ?? 'it is not a JSON object'),
    }
  const type = String(output?.__type ?? headers['x-amzn-errortype'] ?? '')
  const awsCode = /([A-Za-z]{1,80})(:|$)/.exec(type)?.[1]
  const text = output?.message ?? output?.Message
  return {
    refusal: {
      awsCode: awsCode ?? `HTTP ${status}`,
      text: typeof text === 'string' ? printable(text) : '',
      status,
      requestId,
      date,
    },
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/**
 * The service's text on one line. It can quote the request, including headers,
 * and a proxy can quote more, so anything as long as a signature or token is
 * cut out.
 */
function printable(text: string): string {
  const masked = text.replace(
    /[A-Za-z0-9+/=_-]{64,}/g,
    (run) => `<${run.length} characters>`,
  )
  return Quote.line(masked, 400)
}
