import http from 'node:http'
import https from 'node:https'
import { KmsTimeoutError, KmsUnreachableError } from './errors.js'

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
) => Promise<Answer>

/** A public key or signature takes under 1 kB; errors a little more. */
const maxAnswerBytes = 64 * 1024

/**
 * One POST at a time or many, over connections that are kept. `node:http`
 * rather than fetch: loading fetch costs about 140 ms of CPU at start.
 */
export function createExchange(endpoint: URL): Exchange {
  const client = endpoint.protocol === 'https:' ? https : http
  const agent = new client.Agent({ keepAlive: true, maxSockets: 64 })
  const options = {
    agent,
    method: 'POST',
    hostname: endpoint.hostname.replace(/^\[|\]$/g, ''),
    port: endpoint.port || undefined,
    path: endpoint.pathname,
  }
  const post: Exchange = (headers, body, timeoutMs) =>
    new Promise((resolve, reject) => {
      const request = client.request({
        ...options,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      })
      const timer = setTimeout(
        () => request.destroy(new KmsTimeoutError(endpoint.host, timeoutMs)),
        timeoutMs,
      )
      const fail = (error: Error) => {
        clearTimeout(timer)
        reject(
          error instanceof KmsTimeoutError
            ? error
            : Object.assign(new KmsUnreachableError(endpoint.host, error), {
                stale: request.reusedSocket,
              }),
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
          if (error instanceof KmsTimeoutError) reject(error)
        })
        response.on('close', finish)
      })
      request.end(body)
    })
  // A kept connection may have been closed by the other side while it lay
  // idle; that is no fault, and one more try on a new one is free.
  return (headers, body, timeoutMs) =>
    post(headers, body, timeoutMs).catch((error) => {
      if (!(error instanceof KmsUnreachableError) || !isStale(error))
        throw error
      return post(headers, body, timeoutMs)
    })
}

function isStale(error: KmsUnreachableError & { stale?: boolean }): boolean {
  return error.stale === true
}
