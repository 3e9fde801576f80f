import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

export type HttpAnswer = { status: number; body: string }

/** No valid answer is longer than this. */
const maxBytes = 64 * 1024

/**
 * Makes one request to a credential source, on its own connection because
 * sources are queried only a few times a day.
 *
 * @throws the connection's error; ETIMEDOUT
 */
export function askHttp(
  url: URL,
  options: {
    method?: 'GET' | 'PUT' | 'POST'
    headers?: Record<string, string>
    body?: string
    timeoutMs: number
  },
): Promise<HttpAnswer> {
  const { method = 'GET', headers = {}, body = '', timeoutMs } = options
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
    })
    const fail = (code: string) =>
      sent.destroy(Object.assign(new Error(code), { code }))
    const timer = setTimeout(() => fail('ETIMEDOUT'), timeoutMs)
    sent.on('close', () => clearTimeout(timer))
    sent.on('error', reject)
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > maxBytes) fail('EMSGSIZE')
        chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.end(body)
  })
}

export function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException
  return code ?? name
}
