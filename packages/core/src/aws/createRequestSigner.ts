import { createHmac, hash } from 'node:crypto'
import type { Credentials } from './credentials.js'

/**
 * Signs requests to one service in one Region; caches the day's derived key.
 */
export type RequestSigner = (request: {
  credentials: Credentials
  host: string
  /**
   * The path, without a query and without characters that need encoding.
   * @default /
   */
  path?: string
  contentType: string
  /** `X-Amz-Target`, used only by AWS JSON. */
  target?: string
  body: string
  /** Milliseconds since 1970. */
  now: number
}) => Record<string, string>

/**
 * Signature Version 4 for one request shape: POST, JSON, three to five signed
 * headers. The derived key is cached for the day, which saves four of the six
 * hashes.
 */
export function createRequestSigner(scope: {
  region: string
  /** The name in the credential scope, for example `kms`. */
  service: string
}): RequestSigner {
  const { region, service } = scope
  let cached: { secret: string; date: string; key: Buffer } | undefined
  return ({
    credentials,
    host,
    path = '/',
    contentType,
    target,
    body,
    now,
  }) => {
    const amzDate = toAmzDate(now)
    const date = amzDate.slice(0, 8)
    const { secretAccessKey, sessionToken } = credentials
    if (cached?.date !== date || cached.secret !== secretAccessKey)
      cached = {
        secret: secretAccessKey,
        date,
        key: deriveKey(secretAccessKey, [date, region, service]),
      }
    const headers: Record<string, string> = {
      'content-type': contentType,
      host,
      'x-amz-date': amzDate,
    }
    if (sessionToken) headers['x-amz-security-token'] = sessionToken
    if (target) headers['x-amz-target'] = target
    // The headers above are already in SigV4's sort order.
    const names = Object.keys(headers).join(';')
    let lines = ''
    for (const name in headers) lines += `${name}:${headers[name]}\n`
    const canonical = `POST\n${path}\n\n${lines}\n${names}\n${sha256(body)}`
    const scope = `${date}/${region}/${service}/aws4_request`
    const text = `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${sha256(canonical)}`
    const signature = createHmac('sha256', cached.key)
      .update(text)
      .digest('hex')
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
    return headers
  }
}

function deriveKey(secret: string, parts: string[]): Buffer {
  return [...parts, 'aws4_request'].reduce(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  )
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

/**
 * The last formatted second, because many requests fall into the same second.
 */
let last = { second: Number.NaN, amzDate: '' }

function toAmzDate(now: number): string {
  const second = Math.floor(now / 1000)
  if (last.second !== second) {
    const time = new Date(second * 1000).toISOString()
    last = { second, amzDate: time.replace(/[-:]|\.\d{3}/g, '') }
  }
  return last.amzDate
}
