import * as AnswerReader from './AnswerReader.js'
import { createConnections } from './createConnections.js'

export type Answer = {
  status: number
  /** Keyed by lower-case name. */
  headers: Record<string, string | undefined>
  body: string
  /** Set if the peer closed too early or sent too much. */
  damage: string | undefined
}

export type Exchange = (
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
  options?: {
    /** Aborted when the answer is no longer wanted. */
    signal?: AbortSignal | undefined
    /** The request must not run twice, so it is never resent. */
    once?: boolean | undefined
  },
) => Promise<Answer>

export type ExchangeOptions = {
  maxAnswerBytes: number
  /** Makes the error for a failed connection. */
  unreachable: (host: string, cause: Error) => Error
  /** Makes the error for a timeout. */
  timeout: (host: string, timeoutMs: number) => Error
}

/**
 * Makes POST requests, one or many at a time, over connections that are kept
 * open. It uses sockets because `node:http` takes about four times the CPU for
 * calls this small, and loading fetch adds about 140 ms at startup.
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
      ? `it is larger than ${maxAnswerBytes} bytes`
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

/** @throws TypeError for a value that contains a line break */
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

/** The peer closed without answering. */
class HungUp extends Error {
  readonly code = 'ECONNRESET'

  constructor() {
    super('The server closed the connection without answering.')
    this.name = 'HungUp'
  }
}
