import { type Agent, type IncomingHttpHeaders, request } from 'node:http'
import { request as secureRequest } from 'node:https'

export type HttpAnswer = {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** One request with exactly these headers, and the bytes that came back. */
export function sendHttp(
  url: string,
  options: {
    method?: string
    headers: Record<string, string>
    body?: string | Uint8Array
    agent?: Agent
  },
): Promise<HttpAnswer> {
  const { method = 'POST', headers, body, agent } = options
  const send = url.startsWith('https:') ? secureRequest : request
  return new Promise((resolve, reject) => {
    const outgoing = send(
      url,
      { method, headers, agent, setHost: false },
      async (answer) => {
        try {
          const bytes = Buffer.concat(await answer.toArray())
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: bytes.toString(),
          })
        } catch (error) {
          reject(error)
        }
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
