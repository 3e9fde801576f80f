import { createHash, createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'

export type HomeCredentials = {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
}

export type HomeAnswer = {
  status: number
  /** Empty if the answer is not a JSON object. */
  body: Readonly<Record<string, unknown>>
}

type Request = {
  endpoint: string
  region: string
  credentials: HomeCredentials
  method: 'GET' | 'PUT'
  path: string
  /** A query string whose names and values don't need escaping. */
  query?: string
  body?: string
}

/** The home's own answers are never longer than this. */
const maxBytes = 65_536

/**
 * Sends a request to the local home itself (`/_keyward/...`), signed with
 * Signature Version 4 for the service `keyward`. If the home refuses our time
 * because its clock is set differently, the request is signed again with the
 * home's time.
 *
 * @throws the connection's error if nothing answers
 */
export async function sendToHome(request: Request): Promise<HomeAnswer> {
  const first = await send(request, new Date())
  const offMs = Math.abs(first.clock - Date.now())
  return first.status === 400 && offMs > 60_000
    ? await send(request, new Date(first.clock))
    : first
}

// This doesn't use fetch, because loading fetch takes longer than the request.
function send(
  request: Request,
  now: Date,
): Promise<HomeAnswer & { clock: number }> {
  const { endpoint, method, path, query = '', body = '' } = request
  const url = new URL(`${path}${query === '' ? '' : `?${query}`}`, endpoint)
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, {
      method,
      headers: sign({ ...request, query, body, now }),
      // A separate connection is used, so that nothing stays open and delays
      // the command's exit.
      agent: false,
      timeout: 10_000,
    })
    sent.on('timeout', () =>
      sent.destroy(
        Object.assign(new Error('No answer within 10 s.'), {
          code: 'ETIMEDOUT',
        }),
      ),
    )
    sent.on('error', reject)
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > maxBytes)
          sent.destroy(
            new Error(`The response is larger than ${maxBytes} bytes.`),
          )
        chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          clock: Date.parse(response.headers.date ?? ''),
          body: parseObject(Buffer.concat(chunks).toString()),
        }),
      )
    })
    sent.end(body)
  })
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null)
      return value as Record<string, unknown>
  } catch {}
  return {}
}

// Our own signer for this one service, because the AWS SDK's signer is not a
// public API.
function sign(request: {
  endpoint: string
  region: string
  credentials: HomeCredentials
  method: string
  path: string
  query: string
  body: string
  now: Date
}): Record<string, string> {
  const { region, credentials, method, path, query, body, now } = request
  const { sessionToken } = credentials
  const amzDate = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = [amzDate.slice(0, 8), region, 'keyward', 'aws4_request']
  const headers: Record<string, string> = {
    host: new URL(request.endpoint).host,
    'x-amz-date': amzDate,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, text]) => `${name}:${text}`)
  const canonical = [
    ...[method, path, query, ...lines, ''],
    ...[names, sha256(body)],
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', amzDate, scope.join('/'), sha256(canonical)]
  const key = scope.reduce<Buffer | string>(
    (secret, part) => hmac(secret, part),
    `AWS4${credentials.secretAccessKey}`,
  )
  const { host: _, ...sent } = headers
  return {
    ...sent,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope.join('/')}, ` +
      `SignedHeaders=${names}, ` +
      `Signature=${hmac(key, text.join('\n')).toString('hex')}`,
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
