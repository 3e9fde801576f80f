import * as AnswerReader from './AnswerReader.js'
import { createConnections } from './createConnections.js'

export type Answer = {
  status: number
  /** By name in lower case. */
  headers: Record<string, string | undefined>
  body: string
  /** The peer closed before the announced end, or sent too much. */
  damage: string | undefined
}

export type Exchange = (
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
  options?: {
    /** Aborted when the answer is not wanted any more. */
    signal?: AbortSignal | undefined
    /** It must not be done twice, so it is not sent twice. */
    once?: boolean | undefined
  },
) => Promise<Answer>

export type ExchangeOptions = {
  maxAnswerBytes: number
  /** Makes the error for a connection that failed. */
  unreachable: (host: string, cause: Error) => Error
  /** Makes the error for an answer that did not come in time. */
  timeout: (host: string, timeoutMs: number) => Error
}

/**
 * One POST at a time or many, over connections that are kept. On sockets:
 * `node:http` takes about four times the CPU for a call as small as ours, and
 * loading fetch about 140 ms at start.
 */
export function createExchange(
  endpoint: URL,
  settings: ExchangeOptions,
): Exchange {
  const { maxAnswerBytes } = settings
  const connections = createConnections(endpoint)
  const first = `POST ${endpoint.pathname}${endpoint.search} HTTP/1.1\r\n`

  return async (headers, body, timeoutMs, options = {}) => {
    const text = `${first}${toLines(headers, endpoint.host)}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    const reader = AnswerReader.create()
    const isTooLong = () => reader.size > maxAnswerBytes
    const hear = (chunk: Buffer) => {
      AnswerReader.push(reader, chunk)
      if (reader.expects === 'none') return reader.keepsAlive ? 'keep' : 'close'
      return isTooLong() ? 'close' : 'more'
    }
    const outcome = await connections.send(text, {
      ...options,
      timeoutMs,
      hear,
    })
    if (outcome === 'stopped') throw options.signal?.reason
    if (outcome === 'late') throw settings.timeout(endpoint.host, timeoutMs)
    const isWhole = outcome === undefined && AnswerReader.end(reader)
    if (reader.status === 0)
      throw settings.unreachable(endpoint.host, outcome ?? new HungUp())
    const damage = isTooLong()
      ? `it has more than ${maxAnswerBytes} bytes`
      : isWhole
        ? undefined
        : 'it was cut off'
    const { status } = reader
    return {
      status,
      headers: reader.headers,
      body: AnswerReader.toText(reader),
      damage,
    }
  }
}

/** @throws TypeError for a value that could end its line */
function toLines(headers: Record<string, string>, host: string): string {
  let lines = headers.host === undefined ? `host: ${host}\r\n` : ''
  for (const name in headers) {
    const value = headers[name] ?? ''
    if (/[^\t\x20-\x7e]/.test(value))
      throw new TypeError(
        `The header ${name} has characters other than visible ASCII.`,
      )
    lines += `${name}: ${value}\r\n`
  }
  return `${lines}connection: keep-alive\r\n`
}

/** The peer closed without an answer. */
class HungUp extends Error {
  readonly code = 'ECONNRESET'

  constructor() {
    super('The connection was closed before an answer came.')
    this.name = 'HungUp'
  }
}
