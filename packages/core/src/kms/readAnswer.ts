import { KmsResponseError, KmsServiceError } from './errors.js'
import type { Answer } from './exchange.js'

/** The output of a call, or the error that the answer stands for. */
export function readAnswer(
  operation: string,
  answer: Answer,
):
  | { output: Record<string, unknown>; requestId?: string }
  | KmsServiceError
  | KmsResponseError {
  const { status, damage, headers } = answer
  const header = headers['x-amzn-requestid']
  const requestId = typeof header === 'string' ? header : undefined
  const output = damage === undefined ? parseObject(answer.body) : undefined
  if (status === 200 && output !== undefined)
    return requestId === undefined ? { output } : { output, requestId }
  if (status === 200)
    return new KmsResponseError(operation, damage ?? 'it is no JSON object')
  const type = String(output?.__type ?? headers['x-amzn-errortype'] ?? '')
  const awsCode = /([A-Za-z]{1,80})(:|$)/.exec(type)?.[1]
  const text = output?.message ?? output?.Message
  return new KmsServiceError(operation, {
    awsCode: awsCode ?? `HTTP ${status}`,
    text: typeof text === 'string' ? printable(text) : '',
    status,
    requestId,
  })
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

export function readText(
  operation: string,
  output: Record<string, unknown>,
  member: string,
): string {
  const value = output[member]
  if (typeof value !== 'string' || value === '')
    throw new KmsResponseError(operation, `it has no ${member}`)
  return value
}

export function readBytes(
  operation: string,
  output: Record<string, unknown>,
  member: string,
): Uint8Array {
  const text = readText(operation, output, member)
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text)
    throw new KmsResponseError(operation, `its ${member} is no base64`)
  return bytes
}

/**
 * KMS's text on one line. It can quote what was sent, headers included, and a
 * proxy more than KMS; so what is as long as a signature or token is cut out.
 */
function printable(text: string): string {
  const masked = text.replace(
    /[A-Za-z0-9+/=_-]{64,}/g,
    (run) => `<${run.length} characters>`,
  )
  return JSON.stringify(masked)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .slice(0, 400)
}
