import * as Quote from '../parse/Quote.js'
import { RpcHttpError, RpcRefusedError, RpcResponseError } from './errors.js'
import type { RpcUrl } from './RpcUrl.js'

type HttpAnswer = { status: number; body: string; damage: string | undefined }

/**
 * Reads the result of a JSON-RPC answer strictly: it must have this id, and
 * either a result or an error. Some nodes write `null` for the absent member.
 *
 * @throws RpcHttpError, RpcResponseError, RpcRefusedError
 */
export function readAnswer(
  { label: endpoint, secrets }: Pick<RpcUrl, 'label' | 'secrets'>,
  method: string,
  id: number,
  answer: HttpAnswer,
): unknown {
  const damaged = (reason: string, details?: string) =>
    new RpcResponseError(endpoint, method, reason, details)
  const { status, damage } = answer
  const value = damage === undefined ? parse(answer.body) : undefined
  const isAnswer = isObject(value) && value.jsonrpc === '2.0'
  // Some nodes send a JSON-RPC error with a matching HTTP status.
  const refusesUs = [401, 403, 407, 429].includes(status) || status >= 500
  if (refusesUs || (status !== 200 && !isAnswer))
    throw new RpcHttpError(endpoint, method, status)
  if (damage !== undefined)
    throw damaged(
      damage,
      'Try again. If this keeps happening, check the endpoint, and any proxy in front of it.',
    )
  if (!isAnswer) throw damaged('it is not a JSON-RPC 2.0 object')
  const refused = isObject(value.error)
  // A node doesn't know the id of a request that it could not read.
  if (value.id !== id && !(refused && value.id === null))
    throw damaged(
      'it has the id of another request',
      'Check the endpoint, and any proxy or cache in front of it.',
    )
  if (Object.hasOwn(value, 'result') && value.error == null) return value.result
  if (!refused || value.result != null)
    throw damaged('it must have either result or error, but not both')
  const error = value.error as Record<string, unknown>
  throw readError(endpoint, method, error, secrets)
}

function readError(
  endpoint: string,
  method: string,
  error: Record<string, unknown>,
  secrets: readonly string[],
): Error {
  const { message, data } = error
  // Some gateways write the code as a string.
  const code = /^-?\d{1,9}$/.test(String(error.code))
    ? Number(error.code)
    : undefined
  if (code === undefined)
    return new RpcResponseError(endpoint, method, 'its error has no code')
  return new RpcRefusedError(endpoint, method, {
    code,
    message: printable(readReason(message, data), secrets),
    data: readData(data),
  })
}

/** Some nodes put the cause in `data` and only a generic text in `message`. */
function readReason(message: unknown, data: unknown): string {
  const texts = [message, data].filter(
    (text): text is string =>
      typeof text === 'string' &&
      text !== '' &&
      !/^(?:Reverted )?0x[0-9a-fA-F]*$/.test(text),
  )
  return texts.length === 0 ? 'no reason given' : texts.join(': ')
}

/** Nodes return revert data as plain hex, inside an object, or after a word. */
function readData(value: unknown): `0x${string}` | undefined {
  const found = isObject(value) ? value.data : value
  const data =
    typeof found === 'string' ? found.replace(/^Reverted /, '') : undefined
  return data !== undefined &&
    data.length <= 65_536 &&
    /^0x(?:[0-9a-fA-F]{2})*$/.test(data)
    ? (data as `0x${string}`)
    : undefined
}

/**
 * A node's text on one line. It can quote the request, including a signed
 * payload, and a proxy can quote more. So keys from our URL, and anything as
 * long as a token, are cut out.
 */
function printable(text: string, secrets: readonly string[]): string {
  const masked = secrets
    .reduce(
      (left, secret) => left.replaceAll(secret, '<hidden>'),
      text.slice(0, 4096),
    )
    .replace(/[A-Za-z0-9+/=_-]{43,}/g, (run) =>
      isName(run) ? run : `<${run.length} characters>`,
    )
  return Quote.line(masked, 300)
}

/** Error names are in capitals; keys have digits or mixed case. */
function isName(run: string): boolean {
  return /^[A-Z]{1,16}(?:_[A-Z]{1,16})*$/.test(run)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
