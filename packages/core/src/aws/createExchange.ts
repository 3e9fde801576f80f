import http from 'node:http'
import https from 'node:https'

export type Answer = {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
  /** The peer closed before the announced end, or sent too much. */
  damage: string | undefined
}

export type Exchange = (
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
  signal?: AbortSignal,
) => Promise<Answer>

export type ExchangeOptions = {
  maxAnswerBytes: number
  /** Makes the error for a connection that failed. */
  unreachable: (host: string, cause: Error) => Error
  /** Makes the error for an answer that did not come in time. */
  timeout: (host: string, timeoutMs: number) => Error
}

/**
 * One POST at a time or many, over connections that are kept. `node:http`
 * rather than fetch: loading fetch costs about 140 ms of CPU at start.
 */
export function createExchange(
  endpoint: URL,
  settings: ExchangeOptions,
): Exchange {
  const { maxAnswerBytes } = settings
  const client = endpoint.protocol === 'https:' ? https : http
  const agent = new client.Agent({ keepAlive: true, maxSockets: 64 })
  const options = {
    agent,
    method: 'POST',
    hostname: endpoint.hostname.replace(/^\[|\]$/g, ''),
    port: endpoint.port || undefined,
    path: `${endpoint.pathname}${endpoint.search}`,
  }
  const post: Exchange = (headers, body, timeoutMs, signal) =>
    new Promise((resolve, reject) => {
      const length = String(Buffer.byteLength(body))
      const fields = {
        host: endpoint.host,
        ...headers,
        'content-length': length,
      }
      const request = client.request({
        ...options,
        // As a list Node writes them without a store of its own.
        headers: Object.entries(fields).flat(),
        ...(signal && { signal }),
      })
      const timer = setTimeout(() => request.destroy(new Late()), timeoutMs)
      const fail = (error: Error) => {
        clearTimeout(timer)
        reject(
          error instanceof Late
            ? settings.timeout(endpoint.host, timeoutMs)
            : new Broken(error, request.reusedSocket),
        )
      }
      request.on('error', fail)
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        let size = 0
        let damage: string | undefined
        const finish = () => {
          clearTimeout(timer)
          if (!response.complete) damage ??= 'it was cut off'
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
            damage,
          })
        }
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size <= maxAnswerBytes) return chunks.push(chunk)
          damage = `it has more than ${maxAnswerBytes} bytes`
          return request.destroy()
        })
        // Anything but our own time-out shows as an incomplete answer.
        response.on('error', (error) => {
          if (error instanceof Late) fail(error)
        })
        response.on('close', finish)
      })
      request.end(body)
    })
  // A kept connection may have been closed by the other side while it lay
  // idle; that is no fault, and one more try on a new one is free.
  return (headers, body, timeoutMs, signal) =>
    post(headers, body, timeoutMs, signal)
      .catch((error) => {
        const isStale = error instanceof Broken && error.stale
        if (!isStale || signal?.aborted) throw error
        return post(headers, body, timeoutMs, signal)
      })
      .catch((error) => {
        if (!(error instanceof Broken)) throw error
        throw settings.unreachable(endpoint.host, error.reason)
      })
}

/** Our own time-out. */
class Late extends Error {}

/** The connection failed. */
class Broken extends Error {
  readonly reason: Error
  /** It was a kept one. */
  readonly stale: boolean

  constructor(reason: Error, stale: boolean) {
    super()
    this.reason = reason
    this.stale = stale
  }
}
